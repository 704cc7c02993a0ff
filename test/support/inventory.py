"""Everything that an account of an AWS-compatible endpoint holds, by name, as a JSON list: to see that nothing stays behind."""

import json
import sys
from concurrent.futures import ThreadPoolExecutor

import boto3

LISTS = [
    ("function", "lambda", "list_functions", "Functions", "FunctionName"),
    ("event source", "lambda", "list_event_source_mappings", "EventSourceMappings", "EventSourceArn"),
    ("HTTP or WebSocket API", "apigatewayv2", "get_apis", "Items", "Name"),
    ("REST API", "apigateway", "get_rest_apis", "items", "name"),
    ("queue", "sqs", "list_queues", "QueueUrls", None),
    ("topic", "sns", "list_topics", "Topics", "TopicArn"),
    ("table", "dynamodb", "list_tables", "TableNames", None),
    ("stream", "kinesis", "list_streams", "StreamNames", None),
    ("bucket", "s3", "list_buckets", "Buckets", "Name"),
    ("role", "iam", "list_roles", "Roles", "RoleName"),
    ("policy", "iam", "list_policies", "Policies", "PolicyName"),
    ("log group", "logs", "describe_log_groups", "logGroups", "logGroupName"),
    ("rule", "events", "list_rules", "Rules", "Name"),
    ("bus", "events", "list_event_buses", "EventBuses", "Name"),
    ("schedule", "scheduler", "list_schedules", "Schedules", "Name"),
    ("parameter", "ssm", "describe_parameters", "Parameters", "Name"),
    ("secret", "secretsmanager", "list_secrets", "SecretList", "Name"),
    ("stack", "cloudformation", "describe_stacks", "Stacks", "StackName"),
]
# The services have these from the start.
GIVEN = {"bus default"}
FILTERS = {"list_policies": {"Scope": "Local"}}


def names(row):
    what, service, operation, key, name = row
    client = boto3.client(
        service,
        endpoint_url=sys.argv[1],
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    found = getattr(client, operation)(**FILTERS.get(operation, {})).get(key, [])
    return [f"{what} {one[name] if name else one.rsplit('/', 1)[-1]}" for one in found]


with ThreadPoolExecutor(4) as pool:
    print(json.dumps(sorted({one for found in pool.map(names, LISTS) for one in found} - GIVEN)))
