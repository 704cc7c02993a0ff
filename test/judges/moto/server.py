"""moto, holding every call to the policies of the caller's role: by the resource that the call names, where moto itself would
take `*`, and by IAM's name of the action. A function that is invoked runs where INVOKER says, since moto wants Docker for it."""

import json
import os
import re
import sys

import requests
from moto.apigatewaymanagementapi.responses import ApiGatewayManagementApiResponse
from moto.awslambda.models import LambdaFunction
from moto.awslambda.responses import LambdaResponse
from moto.core.responses import BaseResponse
from moto.dynamodb.responses import DynamoHandler
from moto.events.responses import EventsHandler
from moto.iam.access_control import IAMPolicyStatement, IAMRequestBase
from moto.kinesis.responses import KinesisResponse
from moto.secretsmanager.responses import SecretsManagerResponse
from moto.server import main
from moto.sns.responses import SNSResponse
from moto.ssm.responses import SimpleSystemManagerResponse


def body_of(response: BaseResponse) -> dict:
    raw = response.raw_body if isinstance(response.raw_body, (str, bytes)) else response.body
    try:
        read = json.loads(raw or "{}")
        return read if isinstance(read, dict) else {}
    except ValueError:
        return {}


def arn(response: BaseResponse, service: str, rest: str) -> str:
    return f"arn:aws:{service}:{response.region}:{response.current_account}:{rest}"


def table(self: DynamoHandler) -> str:
    body = body_of(self)
    name = body.get("TableName") or next(iter(body.get("RequestItems", {})), None)
    for item in body.get("TransactItems", []):
        name = name or next(iter(item.values()))["TableName"]
    if name is None:
        return "*"
    found = name if name.startswith("arn:") else arn(self, "dynamodb", f"table/{name}")
    return f"{found}/index/{body['IndexName']}" if "IndexName" in body else found


def topic(self: SNSResponse) -> str:
    return self._get_param("TopicArn") or self._get_param("TargetArn") or "*"


def stream(self: KinesisResponse) -> str:
    body = body_of(self)
    return body.get("StreamARN") or arn(self, "kinesis", f"stream/{body.get('StreamName', '*')}")


def bus(self: EventsHandler) -> str:
    entries = body_of(self).get("Entries") or [{}]
    name = entries[0].get("EventBusName", "default")
    return name if name.startswith("arn:") else arn(self, "events", f"event-bus/{name}")


def parameter(self: SimpleSystemManagerResponse) -> str:
    return arn(self, "ssm", f"parameter/{body_of(self).get('Name', '*').lstrip('/')}")


def secret(self: SecretsManagerResponse) -> str:
    name = body_of(self).get("SecretId", "*")
    found = self.backend.secrets.get(name)
    return found.arn if found is not None else arn(self, "secretsmanager", f"secret:{name}")


def called(self: LambdaResponse) -> str:
    name = self.path.split("/functions/")[-1].split("/")[0]
    return arn(self, "lambda", f"function:{name}")


def connection(self: ApiGatewayManagementApiResponse) -> str:
    # The API's id and its stage are in the path on AWS, where moto wants none.
    return arn(self, "execute-api", f"{self.headers.get('X-Api', '*')}/{self.method}/@connections/x")


RESOURCES = {
    DynamoHandler: table,
    SNSResponse: topic,
    KinesisResponse: stream,
    EventsHandler: bus,
    SimpleSystemManagerResponse: parameter,
    SecretsManagerResponse: secret,
    LambdaResponse: called,
    ApiGatewayManagementApiResponse: connection,
}
for handler, resource in RESOURCES.items():
    handler._determine_resource = resource

ACTIONS = {
    "lambda:Invoke": "lambda:InvokeFunction",
    "execute-api:PostToConnection": "execute-api:ManageConnections",
    "execute-api:DeleteConnection": "execute-api:ManageConnections",
    "execute-api:GetConnection": "execute-api:ManageConnections",
}
check = IAMRequestBase.check_action_permitted


def check_action(self: IAMRequestBase, resource: str) -> None:
    self._action = ACTIONS.get(self._action, self._action)
    check(self, resource)


IAMRequestBase.check_action_permitted = check_action


def matches(pattern: str, string: str) -> bool:
    # moto knows `*` only, and takes the rest of a pattern for a regular expression.
    words = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(words, string) is not None


IAMPolicyStatement._match = staticmethod(matches)
# A signature covers the name of the host, which on the way here is another's: the calls come through one who listens for refusals.
IAMRequestBase.check_signature = lambda self: None


def run(self: LambdaFunction, event=None):
    text = event if isinstance(event, str) else json.dumps(event)
    answer = requests.post(f"{os.environ['INVOKER']}/{self.function_name}", data=text.encode(), timeout=30)
    return answer.text, answer.status_code != 200, ""


LambdaFunction._invoke_lambda = run


main(sys.argv[1:])
