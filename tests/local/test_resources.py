import json
from pathlib import Path

import pytest

from local.aws import Aws
from local.resources import create_resources, environment
from local.template import TemplateError
from tests.local.stack import write_template

TEMPLATE = """
    Parameters:
      Model: {{Type: String, Default: small}}
    Resources:
      Dead:
        Type: AWS::SQS::Queue
        Properties: {{FifoQueue: true}}
      Jobs:
        Type: AWS::SQS::Queue
        Properties:
          FifoQueue: true
          VisibilityTimeout: {visibility}
          RedrivePolicy: {{deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 4}}
      Things:
        Type: AWS::DynamoDB::Table
        Properties:
          AttributeDefinitions:
            - {{AttributeName: id, AttributeType: {key_type}}}
            - {{AttributeName: owner, AttributeType: S}}
          KeySchema: [{{AttributeName: id, KeyType: HASH}}]
          GlobalSecondaryIndexes:
            - IndexName: by_owner
              KeySchema: [{{AttributeName: owner, KeyType: HASH}}]
              Projection: {{ProjectionType: KEYS_ONLY}}
          StreamSpecification: {{StreamViewType: NEW_AND_OLD_IMAGES}}
          TimeToLiveSpecification: {{AttributeName: ends_at, Enabled: true}}
      Work:
        Type: AWS::Serverless::Function
        Properties:
          Handler: work.handler
          Environment:
            Variables: {variables}
    """
VARIABLES = (
    "{THINGS_TABLE: !Ref Things, QUEUE_URL: !Ref Jobs, MODEL: !Ref Model, ARN: !Sub 'in ${Things.Arn}', COUNT: 3}"
)


def text(visibility: int = 5, key_type: str = "S", variables: str = VARIABLES) -> str:
    return TEMPLATE.format(visibility=visibility, key_type=key_type, variables=variables)


def test_tables_and_queues_are_created_as_the_template_declares(tmp_path: Path, aws: Aws) -> None:
    names = create_resources(write_template(tmp_path, text(), tmp_path.name), aws)
    table = aws.dynamodb.describe_table(TableName=names["Things"])["Table"]
    assert table["KeySchema"] == [{"AttributeName": "id", "KeyType": "HASH"}]
    assert [index["IndexName"] for index in table["GlobalSecondaryIndexes"]] == ["by_owner"]
    assert table["LatestStreamArn"] == names["Things.StreamArn"]
    lifetime = aws.dynamodb.describe_time_to_live(TableName=names["Things"])["TimeToLiveDescription"]
    assert lifetime == {"TimeToLiveStatus": "ENABLED", "AttributeName": "ends_at"}
    queue = aws.sqs.get_queue_attributes(QueueUrl=names["Jobs"], AttributeNames=["All"])["Attributes"]
    assert queue["FifoQueue"] == "true"
    assert queue["VisibilityTimeout"] == "5"
    redrive = {"deadLetterTargetArn": names["Dead.Arn"], "maxReceiveCount": 4}
    assert json.loads(queue["RedrivePolicy"]) == redrive


def test_existing_tables_and_queues_keep_their_data(tmp_path: Path, aws: Aws) -> None:
    names = create_resources(write_template(tmp_path, text(), tmp_path.name), aws)
    aws.dynamodb.put_item(TableName=names["Things"], Item={"id": {"S": "1"}})
    again = create_resources(write_template(tmp_path, text(visibility=9), tmp_path.name), aws)
    assert again == names
    assert aws.dynamodb.scan(TableName=names["Things"])["Items"] == [{"id": {"S": "1"}}]
    queue = aws.sqs.get_queue_attributes(QueueUrl=names["Jobs"], AttributeNames=["All"])["Attributes"]
    assert queue["VisibilityTimeout"] == "9"


def test_a_kept_table_with_another_schema_is_refused_and_stays(tmp_path: Path, aws: Aws) -> None:
    names = create_resources(write_template(tmp_path, text(), tmp_path.name), aws)
    aws.dynamodb.put_item(TableName=names["Things"], Item={"id": {"S": "1"}})
    changed = write_template(tmp_path, text(key_type="N"), tmp_path.name)
    with pytest.raises(TemplateError, match="Things: the kept data has another AttributeDefinitions; start without it"):
        create_resources(changed, aws)
    assert aws.dynamodb.scan(TableName=names["Things"])["Count"] == 1


def test_the_environment_holds_the_local_names(tmp_path: Path, aws: Aws) -> None:
    template = write_template(tmp_path, text(), tmp_path.name)
    names = create_resources(template, aws)
    assert environment(template, names, aws, {"MODEL": "large", "PORT": "8000"}) == {
        "AWS_ENDPOINT_URL": aws.endpoint_url,
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_SESSION_TOKEN": "",
        "THINGS_TABLE": names["Things"],
        "QUEUE_URL": names["Jobs"],
        "MODEL": "large",
        "ARN": f"in {names['Things.Arn']}",
        "COUNT": "3",
        "PORT": "8000",
    }


def test_a_variable_without_a_value_is_named(tmp_path: Path, aws: Aws) -> None:
    template = write_template(tmp_path, text(variables="{KEY: !Ref Secret}"))
    with pytest.raises(TemplateError, match=r'Work: KEY has no value here: {"Ref": "Secret"}'):
        environment(template, {}, aws)
    assert environment(template, {}, aws, {"KEY": "given"})["KEY"] == "given"


def test_a_variable_that_differs_between_functions_is_named(tmp_path: Path, aws: Aws) -> None:
    template = write_template(
        tmp_path,
        """
        Resources:
          One:
            Type: AWS::Serverless::Function
            Properties: {Handler: a.b, Environment: {Variables: {LEVEL: low}}}
          Two:
            Type: AWS::Serverless::Function
            Properties: {Handler: a.b, Environment: {Variables: {LEVEL: high}}}
        """,
    )
    with pytest.raises(TemplateError, match="Two and One: LEVEL differs, and they share one process"):
        environment(template, {}, aws)
