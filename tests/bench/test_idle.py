"""The cost of a month in which nobody writes, counted from the templates."""

from pathlib import Path

import pytest

from bench.cost import Prices
from bench.idle import Declared, Item, items, rows

TEMPLATE = """
Resources:
  Jobs: {Type: AWS::SQS::Queue}
  More: {Type: AWS::SQS::Queue}
  Work:
    Type: AWS::Serverless::Function
    Properties:
      Handler: work.handler
      MemorySize: 512
      Events:
        Jobs: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn}}
        More: {Type: SQS, Properties: {Queue: !GetAtt More.Arn}}
        Look: {Type: Schedule, Properties: {Schedule: rate(1 hour)}}
  Door:
    Type: AWS::Serverless::Function
    Properties:
      Handler: door.handler
      MemorySize: 256
      Events: {KeepWarm: {Type: Schedule, Properties: {Schedule: rate(2 hours)}}}
"""
MONITORING = """
Resources:
  One: {Type: AWS::CloudWatch::Alarm, Properties: {MetricName: Errors}}
  Share:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Metrics:
        - {Id: share, Expression: a / b}
        - {Id: a, MetricStat: {}}
        - {Id: b, MetricStat: {}}
  Board: {Type: AWS::CloudWatch::Dashboard}
"""


def test_an_idle_month_costs_the_polls_of_a_second_queue_and_nothing_else() -> None:
    prices = Prices.read()
    found = items(prices, Declared.read())
    assert [each.after_free(prices) > 0 for each in found] == [True, *[False] * (len(found) - 1)]
    assert rows(prices, Declared.read())[-1][-1] == "0.15"


def test_what_costs_while_nobody_writes_is_read_from_the_templates(tmp_path: Path) -> None:
    template, monitoring = tmp_path / "template.yaml", tmp_path / "monitoring.yaml"
    template.write_text(TEMPLATE, encoding="utf-8")
    monitoring.write_text(MONITORING, encoding="utf-8")
    assert Declared.read(template, monitoring) == Declared(
        polled_queues=2, strikes={512: 720, 256: 360}, looks=720, alarm_metrics=3, dashboards=1
    )


def test_polls_and_looks_are_counted_over_a_month_of_thirty_days() -> None:
    prices = Prices.read()
    amounts = {each.price: each.amount for each in items(prices, Declared(1, {512: 2880, 256: 1440}, 2880, 10, 1))}
    assert amounts["fifo_request"] == 648_000 + 2880
    assert amounts["lambda_request"] == amounts["schedule_invocation"] == 2880 + 1440
    assert amounts["lambda_gb_second"] == pytest.approx((2880 / 2 + 1440 / 4) * prices.assumed("strike_s"))
    assert amounts["alarm_month"] == 10


def test_only_usage_beyond_the_allowance_is_paid() -> None:
    prices = Prices.read()
    assert Item("", "alarm_month", 12).after_free(prices) == pytest.approx(0.20)
    assert Item("", "alarm_month", 12).dollars(prices) == pytest.approx(1.20)
    assert Item("", "alarm_month", 3).after_free(prices) == 0
