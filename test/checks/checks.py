# The check list by boto3 and, for some, the aws CLI: a line of JSON for each check. Arguments: the endpoint, then ids (default: all).
import base64, hashlib, http.server, json, os, re, struct, subprocess, sys, threading, time, urllib.error, urllib.parse, urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

ENDPOINT = sys.argv[1]
KEY = 'a folder/ü + 🎉.txt'
BIG = 5 * 1024 * 1024
KEYS = {'aws_access_key_id': 'goblet', 'aws_secret_access_key': 'goblet', 'region_name': 'us-east-1'}
CONFIG = Config(retries={'total_max_attempts': 1})
SIGNED = Config(retries={'total_max_attempts': 1}, s3={'addressing_style': 'path'}, signature_version='s3v4')
s3 = boto3.client('s3', endpoint_url=ENDPOINT, config=SIGNED, **KEYS)
sqs = boto3.client('sqs', endpoint_url=ENDPOINT, config=CONFIG, **KEYS)
sns, dynamodb, streams, events, scheduler, kinesis, functions, logs, sts, ssm, secrets = (
    boto3.client(one, endpoint_url=ENDPOINT, config=CONFIG, **KEYS)
    for one in ('sns', 'dynamodb', 'dynamodbstreams', 'events', 'scheduler', 'kinesis', 'lambda', 'logs', 'sts', 'ssm', 'secretsmanager')
)

CHECKS = {}
count = iter(range(1, 10_000))


def check(id):
    def keep(run):
        CHECKS[id] = run
        return run
    return keep


def same(got, expected):
    assert got == expected, f'{got!r} is not {expected!r}'


def refused(codes, call, status=None, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        code = error.response['Error']['Code'].replace('AWS.SimpleQueueService.', '')
        assert re.fullmatch(codes, code.removesuffix('Exception')), error
        if status is not None:
            same(error.response['ResponseMetadata']['HTTPStatusCode'], status)
    else:
        raise AssertionError(f'{codes} was expected')


def fetch(url, method='GET', headers=None, data=None):
    try:
        with urllib.request.urlopen(urllib.request.Request(url, method=method, headers=headers or {}, data=data)) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode()


def cli(*words):
    environment = {'PATH': os.environ['PATH'], 'HOME': '/nonexistent', 'PYTHONPATH': os.environ.get('PYTHONPATH', ''), 'AWS_ACCESS_KEY_ID': 'goblet', 'AWS_SECRET_ACCESS_KEY': 'goblet', 'AWS_DEFAULT_REGION': 'us-east-1', 'AWS_MAX_ATTEMPTS': '1'}
    done = subprocess.run(['aws', '--endpoint-url', ENDPOINT, *words, '--output', 'json'], env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr.strip()
    return json.loads(done.stdout) if done.stdout.strip().startswith('{') else {}


def name():
    return f'check-py-{os.getpid()}-{time.time_ns() // 1_000_000 % 1_000_000}-{next(count)}'


# S3


def bucket(*keys):
    made = name()
    s3.create_bucket(Bucket=made)
    for key in keys:
        put(made, key)
    return made


def put(bucket, key, body=None, **more):
    return s3.put_object(Bucket=bucket, Key=key, Body=(key if body is None else body).encode(), **more)


def text(bucket, key, **more):
    return s3.get_object(Bucket=bucket, Key=key, **more)['Body'].read().decode()


@check('s3-keys')
def _():
    b = bucket()
    put(b, KEY, 'body', Metadata={'color': 'red'}, ContentType='text/x-check')
    got = s3.get_object(Bucket=b, Key=KEY)
    same((got['Body'].read(), got['Metadata'], got['ContentType'], got['ContentLength']), (b'body', {'color': 'red'}, 'text/x-check', 4))
    same([one['Key'] for one in cli('s3api', 'list-objects-v2', '--bucket', b)['Contents']], [KEY])


@check('s3-key-long')
def _():
    refused('KeyTooLongError', s3.put_object, 400, Bucket=bucket(), Key='x' * 1025, Body=b'')


@check('s3-list')
def _():
    b = bucket('B', 'a', 'p/1', 'p/2', 'q/1', 'é')
    seen = []
    for page in s3.get_paginator('list_objects_v2').paginate(Bucket=b, Delimiter='/', PaginationConfig={'PageSize': 2}):
        names = [one['Key'] for one in page.get('Contents', [])] + [one['Prefix'] for one in page.get('CommonPrefixes', [])]
        assert page['KeyCount'] == len(names) <= 2, page
        seen += names
    same(seen, ['B', 'a', 'p/', 'q/', 'é'])


@check('s3-list-v1')
def _():
    b = bucket('a', 'p/1', 'p/2', 'z')
    first = s3.list_objects(Bucket=b, Delimiter='/', MaxKeys=2)
    same((first['IsTruncated'], first.get('NextMarker')), (True, 'p/'))
    second = s3.list_objects(Bucket=b, Delimiter='/', Marker='p/')
    same(([one['Key'] for one in second['Contents']], second.get('CommonPrefixes', [])), (['z'], []))


def digits():
    b = bucket()
    put(b, 'k', '0123456789')
    return b


@check('s3-range')
def _():
    got = s3.get_object(Bucket=digits(), Key='k', Range='bytes=2-4')
    same((got['ResponseMetadata']['HTTPStatusCode'], got['ContentRange'], got['Body'].read()), (206, 'bytes 2-4/10', b'234'))


@check('s3-range-suffix')
def _():
    same(text(digits(), 'k', Range='bytes=-3'), '789')


@check('s3-range-beyond')
def _():
    refused('InvalidRange', s3.get_object, 416, Bucket=digits(), Key='k', Range='bytes=10-12')


@check('s3-conditional-get')
def _():
    b = bucket()
    etag = put(b, 'k', 'v')['ETag']
    refused('304|NotModified', s3.get_object, 304, Bucket=b, Key='k', IfNoneMatch=etag)
    refused('PreconditionFailed', s3.get_object, 412, Bucket=b, Key='k', IfMatch='"0"')


@check('s3-conditional-put')
def _():
    b = bucket()
    put(b, 'k', 'first', IfNoneMatch='*')
    refused('PreconditionFailed', s3.put_object, 412, Bucket=b, Key='k', Body=b'second', IfNoneMatch='*')
    same(text(b, 'k'), 'first')


@check('s3-copy')
def _():
    b = bucket()
    put(b, KEY, 'body', Metadata={'color': 'red'})
    source = {'Bucket': b, 'Key': KEY}
    s3.copy_object(Bucket=b, Key='kept', CopySource=source)
    s3.copy_object(Bucket=b, Key='replaced', CopySource=source, MetadataDirective='REPLACE', Metadata={'size': 'big'})
    metadata = [s3.head_object(Bucket=b, Key=key)['Metadata'] for key in ('kept', 'replaced')]
    same((text(b, 'kept'), metadata), ('body', [{'color': 'red'}, {'size': 'big'}]))


def begin(key):
    b = bucket()
    return {'Bucket': b, 'Key': key, 'UploadId': s3.create_multipart_upload(Bucket=b, Key=key)['UploadId']}


def part(upload, number, body):
    return {'ETag': s3.upload_part(**upload, PartNumber=number, Body=body)['ETag'], 'PartNumber': number}


@check('s3-multipart')
def _():
    upload = begin('big')
    second, first = part(upload, 2, b'tail'), part(upload, 1, b'x' * BIG)
    same([(one['PartNumber'], one['Size']) for one in s3.list_parts(**upload)['Parts']], [(1, BIG), (2, 4)])
    same([one['UploadId'] for one in s3.list_multipart_uploads(Bucket=upload['Bucket'])['Uploads']], [upload['UploadId']])
    etag = s3.complete_multipart_upload(**upload, MultipartUpload={'Parts': [first, second]})['ETag']
    assert re.fullmatch('"[0-9a-f]{32}-2"', etag), etag
    same(text(upload['Bucket'], 'big'), 'x' * BIG + 'tail')


@check('s3-part-copy')
def _():
    upload = begin('big')
    put(upload['Bucket'], KEY, '0123456789')
    done = s3.upload_part_copy(**upload, PartNumber=1, CopySource={'Bucket': upload['Bucket'], 'Key': KEY}, CopySourceRange='bytes=2-4')
    s3.complete_multipart_upload(**upload, MultipartUpload={'Parts': [{'ETag': done['CopyPartResult']['ETag'], 'PartNumber': 1}]})
    same(text(upload['Bucket'], 'big'), '234')


@check('s3-part-small')
def _():
    upload = begin('big')
    parts = [part(upload, 1, b'small'), part(upload, 2, b'tail')]
    refused('EntityTooSmall', s3.complete_multipart_upload, 400, **upload, MultipartUpload={'Parts': parts})
    refused('NoSuchKey', s3.get_object, 404, Bucket=upload['Bucket'], Key='big')


@check('s3-abort')
def _():
    upload = begin('gone')
    part(upload, 1, b'bytes')
    s3.abort_multipart_upload(**upload)
    refused('NoSuchUpload', s3.list_parts, 404, **upload)
    refused('NoSuchKey', s3.get_object, 404, Bucket=upload['Bucket'], Key='gone')


@check('s3-versions')
def _():
    b = bucket()
    s3.put_bucket_versioning(Bucket=b, VersioningConfiguration={'Status': 'Enabled'})
    first, second = (put(b, 'k', body)['VersionId'] for body in ('one', 'two'))
    gone = s3.delete_object(Bucket=b, Key='k')
    same(gone.get('DeleteMarker'), True)
    refused('NoSuchKey', s3.get_object, 404, Bucket=b, Key='k')
    same(text(b, 'k', VersionId=first), 'one')
    listed = s3.list_object_versions(Bucket=b)
    same([(one['VersionId'], one['IsLatest']) for one in listed['Versions']], [(second, False), (first, False)])
    same([(one['VersionId'], one['IsLatest']) for one in listed['DeleteMarkers']], [(gone['VersionId'], True)])
    s3.delete_object(Bucket=b, Key='k', VersionId=gone['VersionId'])
    same(text(b, 'k'), 'two')


@check('s3-tagging')
def _():
    b = bucket()
    put(b, 'k', 'body')
    tags = [{'Key': 'a', 'Value': '1 = 2'}]
    cli('s3api', 'put-object-tagging', '--bucket', b, '--key', 'k', '--tagging', json.dumps({'TagSet': tags}))
    got = s3.get_object(Bucket=b, Key='k')
    same((got['Body'].read(), got.get('TagCount')), (b'body', 1))
    same(s3.get_object_tagging(Bucket=b, Key='k')['TagSet'], tags)


SHA_OF_BODY = base64.b64encode(hashlib.sha256(b'body').digest()).decode()


@check('s3-checksum')
def _():
    b = bucket()
    put(b, 'k', 'body', ChecksumAlgorithm='SHA256')
    same(s3.head_object(Bucket=b, Key='k', ChecksumMode='ENABLED').get('ChecksumSHA256'), SHA_OF_BODY)


@check('s3-checksum-wrong')
def _():
    b = bucket()
    refused('BadDigest', s3.put_object, 400, Bucket=b, Key='k', Body=b'other', ChecksumSHA256=SHA_OF_BODY)
    refused('NoSuchKey', s3.get_object, 404, Bucket=b, Key='k')


def url(operation, b, key):
    return s3.generate_presigned_url(operation, Params={'Bucket': b, 'Key': key}, ExpiresIn=60)


@check('s3-presign')
def _():
    b = bucket()
    same(fetch(url('put_object', b, KEY), 'PUT', {'content-type': 'text/plain'}, b'signed')[0], 200)
    same(fetch(url('get_object', b, KEY))[2], 'signed')


def refused_url(address, code):
    status, _, body = fetch(address)
    same(status, 403)
    assert f'<Code>{code}</Code>' in body, body


@check('s3-presign-expired')
def _():
    b = bucket('k')
    address = s3.generate_presigned_url('get_object', Params={'Bucket': b, 'Key': 'k'}, ExpiresIn=1)
    time.sleep(2.1)
    refused_url(address, 'AccessDenied')


@check('s3-presign-forged')
def _():
    b = bucket('k', 'm')
    refused_url(url('get_object', b, 'k').replace('/k?', '/m?'), 'SignatureDoesNotMatch')


@check('s3-post-policy')
def _():
    b = bucket()
    form = s3.generate_presigned_post(b, 'posted', Conditions=[['content-length-range', 0, 4]], ExpiresIn=60)

    def send(body):
        parts = [f'--edge\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n' for field, value in form['fields'].items()]
        parts.append(f'--edge\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n{body}\r\n--edge--\r\n')
        return fetch(f'{ENDPOINT}/{b}', 'POST', {'content-type': 'multipart/form-data; boundary=edge'}, ''.join(parts).encode())

    status, _, body = send('five!')
    same(status, 400)
    assert '<Code>EntityTooLarge</Code>' in body, body
    same(send('four')[0], 204)
    same(text(b, 'posted'), 'four')


@check('s3-cors')
def _():
    b = bucket()
    rule = {'AllowedOrigins': ['https://a.example'], 'AllowedMethods': ['PUT'], 'AllowedHeaders': ['x-amz-*']}
    s3.put_bucket_cors(Bucket=b, CORSConfiguration={'CORSRules': [rule]})

    def ask(origin):
        headers = {'origin': origin, 'access-control-request-method': 'PUT', 'access-control-request-headers': 'x-amz-date'}
        return fetch(f'{ENDPOINT}/{b}/k', 'OPTIONS', headers)

    status, headers, _ = ask('https://a.example')
    same((status, headers.get('access-control-allow-origin')), (200, 'https://a.example'))
    same(ask('https://b.example')[0], 403)


@check('s3-notify')
def _():
    b, q = bucket(), queue()
    rule = {'QueueArn': arn(q), 'Events': ['s3:ObjectCreated:*'], 'Filter': {'Key': {'FilterRules': [{'Name': 'suffix', 'Value': '.txt'}]}}}
    s3.put_bucket_notification_configuration(Bucket=b, NotificationConfiguration={'QueueConfigurations': [rule]}, SkipDestinationValidation=True)
    put(b, 'n/other.jpg')
    put(b, 'n/a b.txt')
    # The first may be the s3:TestEvent, which has no records.
    records = [record for body in bodies(receive(q, 2, 2)) for record in json.loads(body).get('Records', [])]
    same([(record['eventName'], record['s3']['object']['key']) for record in records], [('ObjectCreated:Put', 'n/a+b.txt')])


@check('s3-delete-many')
def _():
    b = bucket('a')
    got = cli('s3api', 'delete-objects', '--bucket', b, '--delete', json.dumps({'Objects': [{'Key': 'a'}, {'Key': 'none'}]}))
    same(sorted(one['Key'] for one in got['Deleted']), ['a', 'none'])
    refused('NoSuchKey', s3.get_object, 404, Bucket=b, Key='a')


@check('s3-not-empty')
def _():
    b = bucket('a')
    refused('BucketNotEmpty', s3.delete_bucket, 409, Bucket=b)
    s3.delete_object(Bucket=b, Key='a')
    s3.delete_bucket(Bucket=b)
    refused('NoSuchBucket', s3.put_object, 404, Bucket=b, Key='a', Body=b'')


# SQS


def queue(**attributes):
    return sqs.create_queue(QueueName=name(), Attributes=attributes)['QueueUrl']


def fifo():
    return sqs.create_queue(QueueName=name() + '.fifo', Attributes={'FifoQueue': 'true', 'ContentBasedDeduplication': 'true'})['QueueUrl']


def arn(q):
    return sqs.get_queue_attributes(QueueUrl=q, AttributeNames=['QueueArn'])['Attributes']['QueueArn']


def take(q, **more):
    return sqs.receive_message(QueueUrl=q, **{'MaxNumberOfMessages': 10, 'AttributeNames': ['All'], 'MessageAttributeNames': ['All'], **more}).get('Messages', [])


def receive(q, wanted=1, seconds=4.0):
    got, end = [], time.monotonic() + seconds
    while len(got) < wanted and time.monotonic() < end:
        got += take(q, WaitTimeSeconds=0 if seconds < 1 else 1)
        if seconds < 1:
            time.sleep(0.1)
    return got


def bodies(messages):
    return [message['Body'] for message in messages]


def send(q, body, **more):
    return sqs.send_message(QueueUrl=q, MessageBody=body, **more)


def send_all(q, *all):
    for body in all:
        send(q, body, MessageGroupId=body[0])


@check('sqs-fifo-order')
def _():
    q = fifo()
    send_all(q, 'a1', 'b1', 'a2', 'b2')
    got = receive(q, 4)
    same([[body for body in bodies(got) if body[0] == group] for group in 'ab'], [['a1', 'a2'], ['b1', 'b2']])
    numbers = {one['Body']: one['Attributes'].get('SequenceNumber', '') for one in got}
    in_order = [numbers[body] for body in ('a1', 'b1', 'a2', 'b2')]
    assert all(re.fullmatch(r'\d{20}', number) for number in in_order), in_order
    same(in_order, sorted(in_order))


@check('sqs-fifo-many')
def _():
    q = fifo()
    send_all(q, 'a1', 'a2', 'a3')
    same(bodies(take(q, WaitTimeSeconds=1)), ['a1', 'a2', 'a3'])


@check('sqs-fifo-lock')
def _():
    q = fifo()
    send_all(q, 'a1', 'a2', 'b1')
    first = take(q, MaxNumberOfMessages=1)
    same(bodies(first), ['a1'])
    same(bodies(take(q)), ['b1'])
    sqs.delete_message(QueueUrl=q, ReceiptHandle=first[0]['ReceiptHandle'])
    same(bodies(receive(q)), ['a2'])


@check('sqs-fifo-dedup')
def _():
    q = fifo()
    first, second = (send(q, 'one', MessageGroupId='g', MessageDeduplicationId='d') for _ in range(2))
    same(first['MessageId'], second['MessageId'])
    same(bodies(receive(q, 2, 1)), ['one'])


@check('sqs-fifo-no-group')
def _():
    refused('MissingParameter|MissingRequiredParameter', sqs.send_message, 400, QueueUrl=fifo(), MessageBody='x')


def pair():
    dead = queue()
    return queue(RedrivePolicy=json.dumps({'deadLetterTargetArn': arn(dead), 'maxReceiveCount': 1}), VisibilityTimeout='0'), dead


def bury():
    source, dead = pair()
    send(source, 'dead')
    same(bodies(receive(source)), ['dead'])
    same(receive(source, 1, 0.5), [])
    return source, dead


@check('sqs-dlq')
def _():
    source, dead = bury()
    got = receive(dead)
    same([(one['Body'], one['Attributes'].get('DeadLetterQueueSourceArn')) for one in got], [('dead', arn(source))])


@check('sqs-dlq-sources')
def _():
    source, dead = pair()
    same(sqs.list_dead_letter_source_queues(QueueUrl=dead)['queueUrls'], [source])


@check('sqs-move')
def _():
    source, dead = bury()
    assert sqs.start_message_move_task(SourceArn=arn(dead))['TaskHandle']
    same(bodies(receive(source)), ['dead'])
    task = sqs.list_message_move_tasks(SourceArn=arn(dead))['Results'][0]
    same((task['Status'], task['ApproximateNumberOfMessagesMoved']), ('COMPLETED', 1))


@check('sqs-receipt')
def _():
    refused('ReceiptHandleIsInvalid', sqs.delete_message, QueueUrl=queue(), ReceiptHandle='garbage')


@check('sqs-query')
def _():
    scope = f'goblet/{datetime.now(timezone.utc):%Y%m%d}/us-east-1/sqs/aws4_request'
    headers = {'authorization': f'AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0', 'content-type': 'application/x-www-form-urlencoded'}
    form = {'Action': 'SendMessage', 'Version': '2012-11-05', 'QueueUrl': queue(), 'MessageBody': 'x'}
    status, _, body = fetch(ENDPOINT, 'POST', headers, urllib.parse.urlencode(form).encode())
    same(status, 200)
    assert '<SendMessageResponse' in body and '<MD5OfMessageBody>9dd4e461268c8034f5c8564e155c67a6</MD5OfMessageBody>' in body, body


@check('sqs-batch-ids')
def _():
    entries = [{'Id': 'same', 'MessageBody': body} for body in 'ab']
    refused('BatchEntryIdsNotDistinct', sqs.send_message_batch, 400, QueueUrl=queue(), Entries=entries)


@check('sqs-batch-entry')
def _():
    q = queue()
    got = sqs.send_message_batch(QueueUrl=q, Entries=[{'Id': 'good', 'MessageBody': 'a'}, {'Id': 'bad', 'MessageBody': 'b', 'DelaySeconds': 901}])
    same(([one['Id'] for one in got['Successful']], [(one['Id'], one['SenderFault']) for one in got.get('Failed', [])]), (['good'], [('bad', True)]))
    same(bodies(receive(q)), ['a'])


@check('sqs-purge')
def _():
    q = queue()
    send(q, 'x')
    cli('sqs', 'purge-queue', '--queue-url', q)
    same(receive(q, 1, 0.5), [])
    refused('PurgeQueueInProgress', sqs.purge_queue, QueueUrl=q)


@check('sqs-long-poll')
def _():
    q, start = queue(), time.monotonic()
    later = threading.Timer(0.3, lambda: send(q, 'x'))
    later.start()
    same(bodies(take(q, WaitTimeSeconds=10)), ['x'])
    seconds = time.monotonic() - start
    assert 0.25 <= seconds < 3, seconds


# As documented: SQS Developer Guide, "Calculating the MD5 message digest for message attributes".
def digest(*attributes):
    whole = hashlib.md5()
    for attribute, kind, value in attributes:
        for text in (attribute, kind):
            whole.update(struct.pack('>I', len(text.encode())) + text.encode())
        data = value if isinstance(value, bytes) else value.encode()
        whole.update(b'\x02' if isinstance(value, bytes) else b'\x01')
        whole.update(struct.pack('>I', len(data)) + data)
    return whole.hexdigest()


@check('sqs-md5')
def _():
    q = queue()
    attributes = {'text': {'DataType': 'String', 'StringValue': 'ü'}, 'bytes': {'DataType': 'Binary', 'BinaryValue': b'\0\xff'}, 'B.2': {'DataType': 'Number.int', 'StringValue': '7'}}
    expected = digest(('B.2', 'Number.int', '7'), ('bytes', 'Binary', b'\0\xff'), ('text', 'String', 'ü'))
    same(send(q, 'x', MessageAttributes=attributes).get('MD5OfMessageAttributes'), expected)
    same(receive(q)[0].get('MD5OfMessageAttributes'), expected)


@check('sqs-visibility')
def _():
    q = queue()
    send(q, 'x')
    first = receive(q)[0]
    same(receive(q, 1, 0.5), [])
    sqs.change_message_visibility(QueueUrl=q, ReceiptHandle=first['ReceiptHandle'], VisibilityTimeout=0)
    same(receive(q)[0]['Attributes']['ApproximateReceiveCount'], '2')


@check('sqs-delay')
def _():
    q = queue()
    cli('sqs', 'send-message', '--queue-url', q, '--message-body', 'x', '--delay-seconds', '3')
    same(take(q, WaitTimeSeconds=0), [])
    same(bodies(receive(q, 1, 6.0)), ['x'])


@check('sqs-too-long')
def _():
    q = queue()
    send(q, 'x' * 1_048_576)
    refused('InvalidParameterValue', sqs.send_message, 400, QueueUrl=q, MessageBody='x' * 1_048_577)


# SNS

RAW = {'RawMessageDelivery': 'true'}


def topic(**more):
    return sns.create_topic(**{'Name': name(), **more})['TopicArn']


def subscribe(t, q, **attributes):
    return sns.subscribe(TopicArn=t, Protocol='sqs', Endpoint=arn(q), Attributes=attributes, ReturnSubscriptionArn=True)['SubscriptionArn']


def wired(**attributes):
    t, q = topic(), queue()
    subscribe(t, q, **attributes)
    return t, q


def publish(t, message, **more):
    return sns.publish(TopicArn=t, Message=message, **more)


def string(value):
    return {'DataType': 'String', 'StringValue': value}


def arrive(q, *expected):
    got = bodies(receive(q, len(expected)))
    got += bodies(receive(q, 1, 0.3))
    same(sorted(got), sorted(expected))


def filtered(policy, scope='MessageAttributes'):
    return wired(**RAW, FilterPolicy=json.dumps(policy), FilterPolicyScope=scope)


@check('sns-raw')
def _():
    t, q = wired(**RAW)
    publish(t, 'bare', MessageAttributes={'number': {'DataType': 'Number', 'StringValue': '111'}, 'bytes': {'DataType': 'Binary', 'BinaryValue': b'\0\xff'}})
    got = receive(q)[0]
    same((got['Body'], got.get('MessageAttributes')), ('bare', {'number': {'DataType': 'Number', 'StringValue': '111'}, 'bytes': {'DataType': 'Binary', 'BinaryValue': b'\0\xff'}}))


@check('sns-envelope')
def _():
    t, q = wired()
    id = publish(t, 'inside', Subject='about', MessageAttributes={'a': string('b')})['MessageId']
    body = json.loads(receive(q)[0]['Body'])
    same(sorted(body), ['Message', 'MessageAttributes', 'MessageId', 'Signature', 'SignatureVersion', 'SigningCertURL', 'Subject', 'Timestamp', 'TopicArn', 'Type', 'UnsubscribeURL'])
    same([body[key] for key in ('Type', 'MessageId', 'TopicArn', 'Subject', 'Message', 'MessageAttributes')], ['Notification', id, t, 'about', 'inside', {'a': {'Type': 'String', 'Value': 'b'}}])


@check('sns-exists')
def _():
    t, q = filtered({'a': [{'exists': False}]})
    publish(t, 'has', MessageAttributes={'a': string('x')})
    publish(t, 'has other', MessageAttributes={'b': string('x')})
    arrive(q, 'has other')


@check('sns-suffix')
def _():
    t, q = filtered({'file': [{'suffix': '.png'}]})
    for one in ('a.jpg', 'a.png', 'png'):
        publish(t, one, MessageAttributes={'file': string(one)})
    arrive(q, 'a.png')


@check('sns-body-or')
def _():
    t, q = filtered({'store': ['s'], '$or': [{'price': [{'numeric': ['>', 100]}]}, {'tag': {'name': ['vip']}}]}, 'MessageBody')
    dear, known = '{"store":"s","price":101}', '{"store":"s","tag":{"name":"vip"}}'
    for message in ('{"store":"s","price":99}', '{"store":"t","price":101}', 'no json', dear, known):
        publish(t, message)
    arrive(q, dear, known)


@check('sns-array')
def _():
    t, q = filtered({'sports': ['rugby']})
    for message, sports in (('no', ['soccer']), ('yes', ['soccer', 'rugby'])):
        publish(t, message, MessageAttributes={'sports': {'DataType': 'String.Array', 'StringValue': json.dumps(sports)}})
    arrive(q, 'yes')


@check('sns-structure')
def _():
    t, q = wired(**RAW)
    publish(t, json.dumps({'default': 'any', 'sqs': 'of queues'}), MessageStructure='json')
    publish(t, json.dumps({'default': 'any', 'email': 'of mail'}), MessageStructure='json')
    arrive(q, 'of queues', 'any')
    refused('InvalidParameter', sns.publish, 400, TopicArn=t, Message='{"sqs":"no default"}', MessageStructure='json')


@check('sns-http')
def _():
    heard = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            heard.append((self.headers, json.loads(self.rfile.read(int(self.headers['content-length'])))))
            self.send_response(200)
            self.send_header('content-length', '0')
            self.end_headers()

        def log_message(self, *_):
            pass

    def hear(wanted):
        end = time.monotonic() + 5
        while len(heard) < wanted and time.monotonic() < end:
            time.sleep(0.05)
        assert len(heard) >= wanted, f'only {len(heard)} requests came'
        return heard[wanted - 1]

    with http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            t = topic()
            sns.subscribe(TopicArn=t, Protocol='http', Endpoint=f'http://127.0.0.1:{server.server_port}/hook')
            headers, body = hear(1)
            same((headers['x-amz-sns-message-type'], body['Type']), ('SubscriptionConfirmation', 'SubscriptionConfirmation'))
            assert 'Action=ConfirmSubscription' in body['SubscribeURL'], body
            confirmed = sns.confirm_subscription(TopicArn=t, Token=body['Token'])['SubscriptionArn']
            id = publish(t, 'knock')['MessageId']
            headers, body = hear(2)
            same([headers[f'x-amz-sns-{field}'] for field in ('message-type', 'message-id', 'subscription-arn')], ['Notification', id, confirmed])
            same(body['Message'], 'knock')
        finally:
            server.shutdown()


@check('sns-fifo-batch')
def _():
    q, t = fifo(), topic(Name=name() + '.fifo', Attributes={'FifoTopic': 'true', 'ContentBasedDeduplication': 'true'})
    subscribe(t, q, **RAW)
    sent = sns.publish_batch(TopicArn=t, PublishBatchRequestEntries=[{'Id': id, 'Message': f'm{id}', 'MessageGroupId': 'g'} for id in '123'])
    same((len(sent['Successful']), sent.get('Failed', [])), (3, []))
    assert all(re.fullmatch(r'\d{20}', one.get('SequenceNumber', '')) for one in sent['Successful']), sent
    # Each is deleted as it comes: one in flight holds back what its group has sent since.
    got = []
    for _ in range(5):
        if len(got) < 3:
            for one in receive(q, 1, 1):
                got.append(one['Body'])
                sqs.delete_message(QueueUrl=q, ReceiptHandle=one['ReceiptHandle'])
    same(got, ['m1', 'm2', 'm3'])


@check('sns-tags')
def _():
    tags = [{'Key': 'team', 'Value': 'blue'}]
    t = cli('sns', 'create-topic', '--name', name(), '--tags', 'Key=team,Value=blue')['TopicArn']
    same(sns.list_tags_for_resource(ResourceArn=t)['Tags'], tags)


@check('sns-redrive')
def _():
    t, q, dead = topic(), queue(), queue()
    subscribe(t, q, RedrivePolicy=json.dumps({'deadLetterTargetArn': arn(dead)}))
    sqs.delete_queue(QueueUrl=q)
    publish(t, 'lost')
    same([json.loads(body)['Message'] for body in bodies(receive(dead))], ['lost'])


@check('sns-policy-wrong')
def _():
    refused('InvalidParameter', lambda: filtered({'a': [{'wrong-operator': True}]}), 400)


# DynamoDB

A, B = {'pk': {'S': 'a'}}, {'pk': {'S': 'b'}}


def table(sk=None, **more):
    made = name()
    keys = [{'AttributeName': 'pk', 'KeyType': 'HASH'}] + ([{'AttributeName': 'sk', 'KeyType': 'RANGE'}] if sk else [])
    types = [{'AttributeName': 'pk', 'AttributeType': 'S'}] + ([{'AttributeName': 'sk', 'AttributeType': sk}] if sk else [])
    dynamodb.create_table(TableName=made, KeySchema=keys, AttributeDefinitions=types, BillingMode='PAY_PER_REQUEST', **more)
    dynamodb.get_waiter('table_exists').wait(TableName=made, WaiterConfig={'Delay': 1})
    return made


def item(table, **more):
    return dynamodb.put_item(TableName=table, Item={**A, **more})


def item_of(table, key):
    return dynamodb.get_item(TableName=table, Key=key, ConsistentRead=True).get('Item')


def invalid(words, call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        same((error.response['Error']['Code'], error.response['ResponseMetadata']['HTTPStatusCode']), ('ValidationException', 400))
        assert re.search(words, error.response['Error']['Message']), error
    else:
        raise AssertionError(f'{words} was expected')


def update(table, expression, values, **more):
    return dynamodb.update_item(TableName=table, Key=A, UpdateExpression=expression, ExpressionAttributeValues=values, **more)


def query(table, **more):
    return dynamodb.query(**{'TableName': table, 'KeyConditionExpression': 'pk = :p', 'ExpressionAttributeValues': {':p': {'S': 'a'}}, **more})


@check('dynamodb-old')
def _():
    t = table()
    item(t, n={'N': '1'})
    try:
        dynamodb.put_item(TableName=t, Item=A, ConditionExpression='attribute_not_exists(pk)', ReturnValuesOnConditionCheckFailure='ALL_OLD')
    except ClientError as error:
        same((error.response['Error']['Code'], error.response.get('Item')), ('ConditionalCheckFailedException', {**A, 'n': {'N': '1'}}))
    else:
        raise AssertionError('ConditionalCheckFailedException was expected')


@check('dynamodb-overlap')
def _():
    invalid('Two document paths overlap with each other', lambda: update(table(), 'SET a = :m, a.b = :x', {':x': {'S': 'x'}, ':m': {'M': {}}}))


@check('dynamodb-unused')
def _():
    invalid(r'unused in expressions: keys: \{:u\}', lambda: update(table(), 'SET a = :x', {':x': {'S': 'x'}, ':u': {'S': 'u'}}))


@check('dynamodb-reserved')
def _():
    invalid('reserved keyword: name', lambda: update(table(), 'SET name = :x', {':x': {'S': 'x'}}))


@check('dynamodb-key-update')
def _():
    invalid(r'Cannot update attribute pk\. This attribute is part of the key', lambda: update(table(), 'SET pk = :x', {':x': {'S': 'x'}}))


@check('dynamodb-updated')
def _():
    t = table()
    item(t, list={'L': [{'N': '1'}]}, other={'S': 'o'})
    got = update(t, 'SET #l = list_append(#l, :l), n = if_not_exists(n, :n) + :n', {':l': {'L': [{'N': '2'}]}, ':n': {'N': '5'}}, ExpressionAttributeNames={'#l': 'list'}, ReturnValues='UPDATED_NEW')
    same(got['Attributes'], {'list': {'L': [{'N': '1'}, {'N': '2'}]}, 'n': {'N': '10'}})


@check('dynamodb-pages')
def _():
    t = table('N')
    for n in '31254':
        item(t, sk={'N': n}, big={'S': 'x' * 300_000})
    seen, pages = [], 0
    for page in dynamodb.get_paginator('query').paginate(TableName=t, KeyConditionExpression='pk = :p', ExpressionAttributeValues={':p': {'S': 'a'}}):
        pages += 1
        seen += [one['sk']['N'] for one in page['Items']]
    same((pages, seen), (2, list('12345')))


@check('dynamodb-too-large')
def _():
    t = table()
    item(t, big={'S': 'x' * (400 * 1024 - 6)})
    invalid('Item size has exceeded the maximum allowed size', lambda: item(t, big={'S': 'x' * (400 * 1024 - 5)}))


@check('dynamodb-sort')
def _():
    t = table('N')
    for n in ('10', '9', '-1.5', '2', '-20', '1e2'):
        item(t, sk={'N': n})
    same([one['sk']['N'] for one in query(t, ScanIndexForward=False, Limit=4)['Items']], ['100', '10', '9', '2'])


@check('dynamodb-empty-key')
def _():
    invalid(r'The AttributeValue for a key attribute cannot contain an empty string value\. Key: pk', dynamodb.put_item, TableName=table(), Item={'pk': {'S': ''}})


@check('dynamodb-numbers')
def _():
    t, exact = table(), '12345678901234567890123456789012345678'
    item(t, n={'N': exact + '.0'}, small={'N': '1E-130'})
    same(item_of(t, A)['n']['N'], exact)
    invalid('more than 38 significant digits', lambda: item(t, n={'N': exact + '9'}))
    invalid('Number overflow', lambda: item(t, n={'N': '1E126'}))


@check('dynamodb-count')
def _():
    t = table('N')
    for n in '1234':
        item(t, sk={'N': n}, v={'N': n})
    got = query(t, FilterExpression='v > :v', Select='COUNT', ExpressionAttributeValues={':p': {'S': 'a'}, ':v': {'N': '3'}})
    same((got['Count'], got['ScannedCount'], got.get('Items')), (1, 4, None))


@check('dynamodb-segments')
def _():
    t, ids = table(), [f'item-{n}' for n in range(25)]
    dynamodb.batch_write_item(RequestItems={t: [{'PutRequest': {'Item': {'pk': {'S': one}}}} for one in ids]})
    parts = [dynamodb.scan(TableName=t, Segment=n, TotalSegments=4, ConsistentRead=True)['Items'] for n in range(4)]
    same(sorted(one['pk']['S'] for part in parts for one in part), sorted(ids))


def batch(ids):
    return dynamodb.batch_write_item(RequestItems={table(): [{'PutRequest': {'Item': {'pk': {'S': one}}}} for one in ids]})


@check('dynamodb-batch-many')
def _():
    refused('Validation', lambda: batch([str(n) for n in range(26)]), 400)


@check('dynamodb-batch-twice')
def _():
    invalid('Provided list of item keys contains duplicates', lambda: batch('aa'))


@check('dynamodb-transaction')
def _():
    t = table()
    item(t, n={'N': '1'})
    try:
        dynamodb.transact_write_items(TransactItems=[{'Put': {'TableName': t, 'Item': B}}, {'Put': {'TableName': t, 'Item': A, 'ConditionExpression': 'attribute_not_exists(pk)'}}])
    except ClientError as error:
        same(error.response['Error']['Code'], 'TransactionCanceledException')
        same([one['Code'] for one in error.response['CancellationReasons']], ['None', 'ConditionalCheckFailed'])
    else:
        raise AssertionError('TransactionCanceledException was expected')
    same(item_of(t, B), None)


@check('dynamodb-token')
def _():
    t = table()

    def add(n):
        one = {'Update': {'TableName': t, 'Key': A, 'UpdateExpression': 'ADD n :n', 'ExpressionAttributeValues': {':n': {'N': n}}}}
        dynamodb.transact_write_items(TransactItems=[one], ClientRequestToken=f'token-{t}'[:36])

    add('1')
    add('1')
    same(item_of(t, A)['n']['N'], '1')
    refused('IdempotentParameterMismatch', lambda: add('2'))


@check('dynamodb-transact-get')
def _():
    t = table()
    item(t)
    same(dynamodb.transact_get_items(TransactItems=[{'Get': {'TableName': t, 'Key': key}} for key in (A, B)])['Responses'], [{'Item': A}, {}])


@check('dynamodb-late-index')
def _():
    t = table()
    item(t, email={'S': 'e'}, secret={'S': 's'})
    made = {'IndexName': 'mail', 'KeySchema': [{'AttributeName': 'email', 'KeyType': 'HASH'}], 'Projection': {'ProjectionType': 'KEYS_ONLY'}}
    dynamodb.update_table(TableName=t, AttributeDefinitions=[{'AttributeName': one, 'AttributeType': 'S'} for one in ('pk', 'email')], GlobalSecondaryIndexUpdates=[{'Create': made}])
    for _ in range(50):
        if dynamodb.describe_table(TableName=t)['Table']['GlobalSecondaryIndexes'][0].get('IndexStatus') == 'ACTIVE':
            break
        time.sleep(0.1)
    got = dynamodb.query(TableName=t, IndexName='mail', KeyConditionExpression='email = :e', ExpressionAttributeValues={':e': {'S': 'e'}})
    same(got['Items'], [{**A, 'email': {'S': 'e'}}])


def state(statement, *parameters):
    return dynamodb.execute_statement(Statement=statement, ConsistentRead=True, **({'Parameters': list(parameters)} if parameters else {}))


@check('dynamodb-partiql')
def _():
    t = table()
    item(t, n={'N': '1'})
    item(t, pk={'S': 'b'}, n={'N': '2'})
    same(state(f'SELECT n FROM "{t}" WHERE pk = ? AND n > ?', {'S': 'b'}, {'N': '1'})['Items'], [{'n': {'N': '2'}}])


@check('dynamodb-partiql-write')
def _():
    t = table()
    insert = f"""INSERT INTO "{t}" VALUE {{'pk': 'a', 'n': 1}}"""
    state(insert)
    refused('DuplicateItem', lambda: state(insert))
    state(f"""UPDATE "{t}" SET n = n + 4 WHERE pk = 'a'""")
    same(item_of(t, A), {**A, 'n': {'N': '5'}})
    state(f"""DELETE FROM "{t}" WHERE pk = 'a'""")
    same(item_of(t, A), None)


@check('dynamodb-stream')
def _():
    t = table(StreamSpecification={'StreamEnabled': True, 'StreamViewType': 'NEW_AND_OLD_IMAGES'})
    full = {**A, 'n': {'N': '1'}}
    item(t)
    item(t, n={'N': '1'})
    item(t, n={'N': '1'})
    dynamodb.delete_item(TableName=t, Key=A)
    arn = dynamodb.describe_table(TableName=t)['Table']['LatestStreamArn']
    shard = streams.describe_stream(StreamArn=arn)['StreamDescription']['Shards'][0]['ShardId']
    iterator = streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType='TRIM_HORIZON')['ShardIterator']
    records = streams.get_records(ShardIterator=iterator)['Records']
    told = [(one['eventName'], one['dynamodb'].get('OldImage'), one['dynamodb'].get('NewImage')) for one in records]
    same(told, [('INSERT', None, A), ('MODIFY', A, full), ('REMOVE', full, None)])


@check('dynamodb-ttl')
def _():
    t = table()
    wanted = {'TableName': t, 'TimeToLiveSpecification': {'AttributeName': 'gone', 'Enabled': True}}
    dynamodb.update_time_to_live(**wanted)
    told = dynamodb.describe_time_to_live(TableName=t)['TimeToLiveDescription']
    same(told['AttributeName'], 'gone')
    assert told['TimeToLiveStatus'] in ('ENABLED', 'ENABLING'), told
    refused('Validation', dynamodb.update_time_to_live, 400, **wanted)


@check('dynamodb-tags')
def _():
    tags = [{'Key': 'team', 'Value': 'blue'}]
    arn = dynamodb.describe_table(TableName=table(Tags=tags))['Table']['TableArn']
    same(dynamodb.list_tags_of_resource(ResourceArn=arn)['Tags'], tags)


# EventBridge, Scheduler, Kinesis


def ruled(pattern, **target):
    rule, q = name(), queue()
    events.put_rule(Name=rule, EventPattern=json.dumps(pattern))
    same(events.put_targets(Rule=rule, Targets=[{'Id': '1', 'Arn': arn(q), **target}])['FailedEntryCount'], 0)
    return q


def emit(source, detail):
    return events.put_events(Entries=[{'Source': source, 'DetailType': 't', 'Detail': json.dumps(detail)}])


@check('events-pattern')
def _():
    source = name()
    file = [{'suffix': '.png'}, {'anything-but': {'prefix': 'a'}}]
    q = ruled({'source': [source], 'detail': {'$or': [{'n': [{'numeric': ['>', 0, '<=', 5]}]}, {'gone': [{'exists': True}]}], 'file': file}})
    for sent in ({'n': 6, 'file': 'b'}, {'n': 5, 'file': 'a.jpg'}, {'n': 0, 'file': 'b'}, {'n': 5, 'file': 'a.png'}, {'gone': None, 'file': 'b'}):
        emit(source, sent)
    same(sorted(json.loads(body)['detail']['file'] for body in bodies(receive(q, 3))), ['a.png', 'b'])


@check('events-transformer')
def _():
    source = name()
    template = '{"text":"by <who>","list":<list>,"rule":"<aws.events.rule-name>"}'
    q = ruled({'source': [source]}, InputTransformer={'InputPathsMap': {'who': '$.detail.who', 'list': '$.detail.list'}, 'InputTemplate': template})
    emit(source, {'who': 'me', 'list': [1, 'b']})
    got = json.loads(bodies(receive(q))[0])
    same((got['text'], got['list'], got['rule'][:9]), ('by me', [1, 'b'], 'check-py-'))


@check('events-partial')
def _():
    put = events.put_events(Entries=[{'Source': 's', 'DetailType': 't', 'Detail': detail} for detail in ('{}', 'no json')])
    same((put['FailedEntryCount'], put['Entries'][1]['ErrorCode']), (1, 'MalformedDetail'))
    assert put['Entries'][0]['EventId']


@check('events-pattern-wrong')
def _():
    refused('InvalidEventPattern', events.put_rule, 400, Name=name(), EventPattern='{"detail":{"a":[{"wrong-operator":true}]}}')


@check('events-cron-wrong')
def _():
    for wrong in ('cron(0 10 * * * *)', 'rate(1 minutes)', 'cron(0 0 ? * 3#6 *)'):
        refused('Validation', events.put_rule, 400, Name=name(), ScheduleExpression=wrong)


def schedule(called, to, **more):
    target = {'Arn': to, 'RoleArn': 'arn:aws:iam::000000000000:role/scheduler', 'Input': '{"a":1}'}
    return scheduler.create_schedule(**{'Name': called, 'Target': target, 'FlexibleTimeWindow': {'Mode': 'OFF'}, 'ScheduleExpression': 'rate(1 day)', **more})


@check('scheduler-fires')
def _():
    called, q = name(), queue()
    schedule(called, arn(q), ScheduleExpression='rate(1 minute)')
    same(bodies(receive(q)), ['{"a":1}'])
    scheduler.delete_schedule(Name=called)


@check('scheduler-kept')
def _():
    called, target = name(), arn(queue())
    schedule(called, target, ScheduleExpression='cron(0 9 ? * MON#1 *)', ScheduleExpressionTimezone='Europe/Madrid')
    refused('Conflict', lambda: schedule(called, target), 409)
    got = scheduler.get_schedule(Name=called)
    same([got[key] for key in ('ScheduleExpression', 'ScheduleExpressionTimezone', 'GroupName', 'State')] + [got['Target']['Input']], ['cron(0 9 ? * MON#1 *)', 'Europe/Madrid', 'default', 'ENABLED', '{"a":1}'])


@check('scheduler-wrong')
def _():
    target = arn(queue())
    for wrong in ({'ScheduleExpressionTimezone': 'Mars/Base'}, {'ScheduleExpression': 'cron(0 24 * * ? *)'}):
        refused('Validation', lambda: schedule(name(), target, **wrong), 400)


def stream(count=1):
    made = name()
    kinesis.create_stream(StreamName=made, ShardCount=count)
    for _ in range(50):
        if kinesis.describe_stream(StreamName=made)['StreamDescription']['StreamStatus'] == 'ACTIVE':
            break
        time.sleep(0.1)
    return made


def records(stream, shard, **begin):
    iterator = kinesis.get_shard_iterator(StreamName=stream, ShardId=shard, **begin)['ShardIterator']
    return [one['Data'].decode() for one in kinesis.get_records(ShardIterator=iterator)['Records']]


@check('kinesis-order')
def _():
    made = stream()
    sent = [kinesis.put_record(StreamName=made, PartitionKey='k', Data=text) for text in (b'one', b'two', b'three')]
    numbers = [int(one['SequenceNumber']) for one in sent]
    same(numbers, sorted(set(numbers)))
    same(records(made, sent[0]['ShardId'], ShardIteratorType='TRIM_HORIZON'), ['one', 'two', 'three'])
    same(records(made, sent[0]['ShardId'], ShardIteratorType='AFTER_SEQUENCE_NUMBER', StartingSequenceNumber=sent[0]['SequenceNumber']), ['two', 'three'])


@check('kinesis-hash')
def _():
    made = stream(2)
    for key in 'abcdef':
        half = int(hashlib.md5(key.encode()).hexdigest()[0], 16) // 8
        same(kinesis.put_record(StreamName=made, PartitionKey=key, Data=b'x')['ShardId'], f'shardId-00000000000{half}')


@check('kinesis-no-stream')
def _():
    try:
        kinesis.put_record(StreamName='check-py-none', PartitionKey='k', Data=b'x')
    except ClientError as error:
        same(error.response['Error']['Code'], 'ResourceNotFoundException')
        assert re.search(r'Stream check-py-none under account \d{12} not found\.', error.response['Error']['Message']), error
    else:
        raise AssertionError('ResourceNotFoundException was expected')


# Lambda, Logs, STS, SSM, Secrets Manager

# The function of the app that goblet serves (see startTarget); the peers are given the same.
WORK = 'checks-dev-work'
ZIP = 'UEsDBBQAAAAAAAAAIVBJNJLMZQAAAGUAAAAJAAAAaW5kZXgubWpzZXhwb3J0IGNvbnN0IGhhbmRsZXIgPSBhc3luYyAoZXZlbnQpID0+IHsKICBpZiAoZXZlbnQuZmFpbCkgdGhyb3cgbmV3IEVycm9yKCdib29tJykKICByZXR1cm4gZXZlbnQKfQpQSwECFAMUAAAAAAAAACFQSTSSzGUAAABlAAAACQAAAAAAAAAAAAAApAEAAAAAaW5kZXgubWpzUEsFBgAAAAABAAEANwAAAIwAAAAAAA=='


def invoke(**more):
    try:
        functions.get_function(FunctionName=WORK)
    except ClientError:
        try:
            functions.create_function(FunctionName=WORK, Role='arn:aws:iam::000000000000:role/checks', Code={'ZipFile': base64.b64decode(ZIP)}, Handler='index.handler', Runtime='nodejs22.x')
        except ClientError:
            pass
    answer = functions.invoke(FunctionName=WORK, **more)
    return answer, answer['Payload'].read().decode()


@check('lambda-sync')
def _():
    answer, text = invoke(Payload='{"a":"ü"}'.encode())
    same((answer['StatusCode'], answer.get('ExecutedVersion'), answer.get('FunctionError'), text), (200, '$LATEST', None, '{"a":"ü"}'))


@check('lambda-error')
def _():
    answer, text = invoke(Payload=b'{"fail":true}')
    same((answer['StatusCode'], answer.get('FunctionError')), (200, 'Unhandled'))
    told = json.loads(text)
    same((told['errorType'], told['errorMessage'], told['trace'][0]), ('Error', 'boom', 'Error: boom'))


@check('lambda-event')
def _():
    for kind, status in (('Event', 202), ('DryRun', 204)):
        answer, text = invoke(InvocationType=kind, Payload=b'{}')
        same((answer['StatusCode'], text), (status, ''))


@check('lambda-unknown')
def _():
    try:
        functions.invoke(FunctionName='check-py-none')
    except ClientError as error:
        same((error.response['Error']['Code'], error.response['ResponseMetadata']['HTTPStatusCode']), ('ResourceNotFoundException', 404))
        assert re.search(r'Function not found: arn:aws:lambda:us-east-1:\d{12}:function:check-py-none', error.response['Error']['Message']), error
    else:
        raise AssertionError('ResourceNotFoundException was expected')


def logged(*messages):
    group = name()
    logs.create_log_group(logGroupName=group)
    logs.create_log_stream(logGroupName=group, logStreamName='s')
    now = int(time.time() * 1000) - len(messages)
    logs.put_log_events(logGroupName=group, logStreamName='s', logEvents=[{'message': one, 'timestamp': now + at} for at, one in enumerate(messages)])
    return group


def found(group, pattern):
    return [one['message'] for one in logs.filter_log_events(logGroupName=group, filterPattern=pattern)['events']]


@check('logs-terms')
def _():
    group = logged('ERROR one', 'WARN two', 'ERROR two', 'errors two')
    same(found(group, 'ERROR two'), ['ERROR two'])
    same(found(group, '?WARN ?one'), ['ERROR one', 'WARN two'])
    same(found(group, 'two -ERROR'), ['WARN two', 'errors two'])


@check('logs-json')
def _():
    group = logged('{"status":500,"who":{"name":"a"}}', '{"status":404,"who":{"name":"b"}}', 'status 500')
    same(found(group, '{ $.status >= 500 || $.who.name = "c*" }'), ['{"status":500,"who":{"name":"a"}}'])


@check('logs-no-group')
def _():
    refused('ResourceNotFound', logs.filter_log_events, 400, logGroupName=name())


@check('sts-identity')
def _():
    got = sts.get_caller_identity()
    assert re.fullmatch(r'\d{12}', got['Account']) and got['Arn'].startswith('arn:aws:') and got['Account'] in got['Arn'] and got['UserId'], got


@check('sts-assume')
def _():
    got = sts.assume_role(RoleArn='arn:aws:iam::000000000000:role/reader', RoleSessionName='me', DurationSeconds=900)
    assert got['Credentials']['AccessKeyId'] and got['Credentials']['SessionToken'], got
    assert 800 < (got['Credentials']['Expiration'] - datetime.now(timezone.utc)).total_seconds() < 1000, got
    same(got['AssumedRoleUser']['Arn'], 'arn:aws:sts::000000000000:assumed-role/reader/me')


@check('ssm-versions')
def _():
    called = '/' + name()
    parameter = {'Name': called, 'Type': 'String'}
    ssm.put_parameter(Value='one', **parameter)
    refused('ParameterAlreadyExists', ssm.put_parameter, 400, Value='two', **parameter)
    same(ssm.put_parameter(Value='two', Overwrite=True, **parameter)['Version'], 2)
    same([ssm.get_parameter(Name=one)['Parameter']['Value'] for one in (called, called + ':1')], ['two', 'one'])


@check('ssm-path')
def _():
    path = '/' + name()
    for one in ('a', 'b/c', 'b/d/e'):
        ssm.put_parameter(Name=f'{path}/{one}', Value=one, Type='String')
    told = [sorted(one['Value'] for one in ssm.get_parameters_by_path(Path=path, Recursive=deep)['Parameters']) for deep in (False, True)]
    same(told, [['a'], ['a', 'b/c', 'b/d/e']])


@check('ssm-secure')
def _():
    called = name()
    ssm.put_parameter(Name=called, Value='hidden', Type='SecureString')
    assert ssm.get_parameter(Name=called)['Parameter']['Value'] != 'hidden'
    same(ssm.get_parameter(Name=called, WithDecryption=True)['Parameter']['Value'], 'hidden')


@check('secrets-stages')
def _():
    called = name()
    secrets.create_secret(Name=called, SecretString='one')
    refused('ResourceExists', secrets.create_secret, Name=called, SecretString='x')
    secrets.put_secret_value(SecretId=called, SecretString='two')
    same([secrets.get_secret_value(SecretId=called, **stage)['SecretString'] for stage in ({}, {'VersionStage': 'AWSPREVIOUS'})], ['two', 'one'])


@check('secrets-restore')
def _():
    called = name()
    secrets.create_secret(Name=called, SecretString='kept')
    secrets.delete_secret(SecretId=called)
    refused('InvalidRequest', secrets.get_secret_value, 400, SecretId=called)
    secrets.restore_secret(SecretId=called)
    same(secrets.get_secret_value(SecretId=called)['SecretString'], 'kept')


TELLING = threading.Lock()


def drive(id):
    try:
        CHECKS[id]()
        fault = None
    except Exception as error:
        fault = str(error) or type(error).__name__
    # One write: print() sends the line and its end apart, and the threads' would mix.
    with TELLING:
        sys.stdout.write(json.dumps({'id': id, 'fault': fault}) + '\n')
        sys.stdout.flush()


if __name__ == '__main__':
    if ENDPOINT == 'list':
        print(json.dumps(list(CHECKS)))
    else:
        # A few at once: most of a check is waiting.
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(drive, sys.argv[2:] or list(CHECKS)))
