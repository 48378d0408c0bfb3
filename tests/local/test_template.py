from pathlib import Path

import pytest

from local.emulator import ROOT
from local.template import QueueMapping, Route, TemplateError, read_template
from tests.local.stack import write_template


def test_the_projects_own_template_can_be_read() -> None:
    template = read_template(ROOT / "template.yaml")
    handlers = {function.handler.split(".")[1] for function in template.functions}
    assert {"webhook", "webapp_select", "llm_reply", "analytics"} <= handlers
    routes = {(route.method, route.path) for function in template.functions for route in function.routes}
    assert {("POST", "/telegram/webhook"), ("GET", "/api/characters"), ("POST", "/api/{request+}")} <= routes
    fed_from = {mapping.queue for function in template.functions for mapping in function.queue_mappings}
    assert any(queue.fifo and queue.dead_letter_queue for queue in template.queues if queue.logical_id in fed_from)


def test_short_and_long_forms_of_a_reference_mean_the_same(tmp_path: Path) -> None:
    text = """
        Resources:
          Jobs: {{Type: AWS::SQS::Queue}}
          Work:
            Type: AWS::Serverless::Function
            Properties:
              Handler: work.handler
              Events:
                Jobs: {{Type: SQS, Properties: {{Queue: {reference}, BatchSize: 3}}}}
        """
    expected = QueueMapping("Jobs", 3, reports_batch_item_failures=False, maximum_concurrency=None)
    for reference in ("!GetAtt Jobs.Arn", "!GetAtt [Jobs, Arn]", '{"Fn::GetAtt": [Jobs, Arn]}'):
        template = write_template(tmp_path, text.format(reference=reference))
        assert template.functions[0].queue_mappings == (expected,)


def test_globals_parameters_and_conditions_are_evaluated(tmp_path: Path) -> None:
    text = """
        Parameters:
          Stage: {Type: String, Default: test}
          Host: {Type: String}
        Conditions:
          Live: !Equals [!Ref Stage, live]
          Quiet: !Not [!Condition Live]
          Never: !And [!Condition Live, !Condition Quiet]
        Globals:
          Function:
            Timeout: 7
            Environment: {Variables: {STAGE: !Ref Stage, LEVEL: info}}
        Resources:
          OnlyLive: {Type: AWS::SQS::Queue, Condition: Never}
          Work:
            Type: AWS::Serverless::Function
            Properties:
              Handler: work.handler
              MemorySize: !If [Quiet, 256, 1024]
              Environment:
                Variables:
                  LEVEL: !If [Quiet, debug, !Ref AWS::NoValue]
                  GONE: !If [Quiet, !Ref AWS::NoValue, here]
                  URL: !Sub "https://${Host}/${!literal}/${Part}"
                  ADDRESS: !Sub ["https://${Where}/", {Where: !Ref Host}]
                  LIST: !Join [",", [a, !Ref Stage]]
              Events:
                Any: {Type: HttpApi}
                One: {Type: HttpApi, Properties: {Method: get, Path: "/one/{id}"}}
        """
    (tmp_path / "template.yaml").write_text(text, encoding="utf-8")
    template = read_template(tmp_path / "template.yaml", parameters={"Host": "example.com"})
    (function,) = template.functions
    assert template.queues == ()
    assert (function.timeout, function.memory) == (7, 256)
    assert function.routes == (Route("ANY", "$default"), Route("GET", "/one/{id}"))
    assert function.environment == {
        "STAGE": "test",
        "LEVEL": "debug",
        "URL": {"Fn::Sub": "https://${Host}/${!literal}/${Part}"},
        "ADDRESS": "https://example.com/",
        "LIST": "a,test",
    }
    later = template.scope.with_names({"Part": "p"})
    assert later.resolve(function.environment["URL"]) == "https://example.com/${literal}/p"


HTTP_API = """
    Resources:
      Api: {{Type: AWS::ApiGatewayV2::Api}}
      Route:
        Type: AWS::ApiGatewayV2::Route
        Properties: {{ApiId: !Ref Api, RouteKey: {key}, Target: {target}}}
      Integration:
        Type: AWS::ApiGatewayV2::Integration
        Properties: {{ApiId: !Ref Api, PayloadFormatVersion: "{version}", IntegrationUri: {uri}}}
      Work:
        Type: AWS::Serverless::Function
        Properties:
          Handler: work.handler
          Events: {{One: {{Type: HttpApi, Properties: {{Method: GET, Path: /one}}}}}}
    """
SUB, GET_ATT = "!Sub 'integrations/${Integration}'", "!GetAtt Work.Arn"


def http_api(key: str = "POST /two", target: str = SUB, version: str = "2.0", uri: str = GET_ATT) -> str:
    return HTTP_API.format(key=key, target=target, version=version, uri=uri)


@pytest.mark.parametrize(
    ("key", "route"), [("POST /two", Route("POST", "/two")), ("$default", Route("ANY", "$default"))]
)
@pytest.mark.parametrize("target", [SUB, "!Join ['/', [integrations, !Ref Integration]]"])
def test_routes_may_be_events_of_a_function_or_resources(tmp_path: Path, key: str, route: Route, target: str) -> None:
    template = write_template(tmp_path, http_api(key=key, target=target))
    assert template.functions[0].routes == (Route("GET", "/one"), route)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (http_api(key="/two"), "Route: RouteKey is '/two', METHOD /path is expected"),
        (http_api(target="integrations/x"), "Route: Target is 'integrations/x', integrations/<an integration of this"),
        (http_api(target="!GetAtt Gone.Id"), "Route: Target is .*, a text is expected"),
        (http_api(version="1.0"), "Integration: PayloadFormatVersion is '1.0', \"2.0\" is expected"),
        (http_api(uri="https://example.com"), "Integration: IntegrationUri is .*, !GetAtt <a function of this"),
    ],
)
def test_a_route_that_leads_nowhere_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(TemplateError, match=message):
        write_template(tmp_path, text)


def function(properties: str) -> str:
    return f"Resources: {{Work: {{Type: AWS::Serverless::Function, Properties: {properties}}}}}"


def event(kind: str, properties: str) -> str:
    return function(f"{{Handler: a.b, Events: {{Jobs: {{Type: {kind}, Properties: {properties}}}}}}}")


def table(properties: str) -> str:
    return f"Resources: {{Things: {{Type: AWS::DynamoDB::Table, Properties: {properties}}}}}"


def queue(properties: str) -> str:
    return f"Resources: {{Jobs: {{Type: AWS::SQS::Queue, Properties: {properties}}}}}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Resources: {", "template.yaml: while parsing"),
        ("{}", "has no Resources section"),
        ("- a", "has no Resources section"),
        ("Resources: {Work: {}}", "Work: Type is missing"),
        ("Resources: {Work: [a]}", "Work: Type is missing"),
        ("Resources: {Work: {Type: AWS::Lambda::Function}}", "Work: AWS::Lambda::Function does not run here"),
        (function("{}"), "Work: Handler is missing, a text is expected"),
        (function("[a]"), "Work holds no properties"),
        (function("{Handler: handler}"), "Work: Handler is 'handler', module.function is expected"),
        (function("{Handler: a.b, Timeout: long}"), "Work: Timeout is 'long', a whole number is expected"),
        (function("{Handler: a.b, Timeout: true}"), "Work: Timeout is True, a whole number is expected"),
        (function("{Handler: a.b, Timeout: !Ref Gone}"), "Work: Timeout is {'Ref': 'Gone'}, a whole number"),
        (function("{Handler: a.b, Events: [a]}"), r"Work: Events is \['a'\], a section is expected"),
        (function("{Handler: a.b, Timeout: !If [Gone, 1, 2]}"), "Work: condition Gone is not declared"),
        (function("{Handler: a.b, Timeout: !If [Gone]}"), "Work: an intrinsic function in it has a shape"),
        (function("{Handler: a.b, Timeout: !FindInMap [a, b, c]}"), "Work: Fn::FindInMap is not supported here"),
        (event("SNS", "{}"), "Work: Events: Jobs: events of type SNS do not run here"),
        (event("SQS", "{}"), "Jobs: Properties: Queue is missing, !GetAtt <a resource of this template>.Arn"),
        (event("SQS", "{Queue: !GetAtt Gone.Arn}"), "Jobs: Properties: Queue is .* !GetAtt <a resource"),
        (event("SQS", "{FilterCriteria: {}}"), "FilterCriteria is not supported here"),
        (event("DynamoDB", "{Stream: !GetAtt Gone.StreamArn}"), "Properties: Stream is .* !GetAtt <a resource"),
        (table("{}"), "Things: AttributeDefinitions is missing, a list is expected"),
        (table("{AttributeDefinitions: [], KeySchema: {a: b}}"), "Things: KeySchema is .*, a list is expected"),
        (queue("{QueueName: jobs, FifoQueue: true}"), "Jobs: the name of a FIFO queue must end in .fifo"),
        (queue("{FifoQueue: perhaps}"), "Jobs: FifoQueue is 'perhaps', true or false is expected"),
        (queue("{RedrivePolicy: {deadLetterTargetArn: x}}"), "Jobs: RedrivePolicy: deadLetterTargetArn is 'x'"),
        ("Parameters: [a]\nResources: {}", "Parameters holds no properties"),
        ("Conditions: {A: !Equals [1]}\nResources: {}", "Conditions: an intrinsic function in it has a shape"),
    ],
)
def test_an_invalid_property_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(TemplateError, match=message):
        write_template(tmp_path, text)


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        ("{}", "Properties: StartingPosition is missing, a text is expected"),
        ("{StartingPosition: NOW}", "StartingPosition is 'NOW', TRIM_HORIZON or LATEST is expected"),
        ("{StartingPosition: LATEST, FilterCriteria: {Filters: []}}", "FilterCriteria is not supported here"),
    ],
)
def test_an_invalid_property_of_a_stream_event_is_named(tmp_path: Path, properties: str, message: str) -> None:
    text = f"""
        Resources:
          Things:
            Type: AWS::DynamoDB::Table
            Properties: {{AttributeDefinitions: [], KeySchema: []}}
          Watch:
            Type: AWS::Serverless::Function
            Properties:
              Handler: a.b
              Events:
                Things:
                  Type: DynamoDB
                  Properties: {{Stream: !GetAtt Things.StreamArn, {properties[1:]}
        """
    with pytest.raises(TemplateError, match=message):
        write_template(tmp_path, text)


def test_an_unknown_parameter_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "template.yaml"
    file.write_text("Resources: {}", encoding="utf-8")
    with pytest.raises(TemplateError, match="Parameters: there is no Host, Stage"):
        read_template(file, parameters={"Stage": "x", "Host": "y"})


def test_a_missing_template_is_named(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match=r"gone\.yaml: No such file or directory"):
        read_template(tmp_path / "gone.yaml")


def test_the_clock_strikes_every_four_minutes() -> None:
    found = {each.handler.split(".")[1]: each for each in read_template(ROOT / "template.yaml").functions}
    assert [mapping.queue for mapping in found["llm_reply"].queue_mappings] == ["ReplyQueue"]
    struck = {name: [schedule.every_seconds for schedule in each.schedules] for name, each in found.items()}
    assert struck == {"webhook": [240], "llm_reply": [240], "webapp_select": [], "card_files": [], "analytics": []}


def test_disabled_events_are_skipped(tmp_path: Path) -> None:
    template = write_template(tmp_path, event("SQS", "{Enabled: false}"))
    assert template.functions[0].queue_mappings == ()
