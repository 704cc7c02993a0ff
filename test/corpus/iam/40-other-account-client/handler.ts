import { DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';

const own = new DynamoDBClient({});

async function partner(): Promise<DynamoDBClient> {
  const { Credentials } = await new STSClient({}).send(
    new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::210987654321:role/reader', RoleSessionName: 'copy' }),
  );
  return new DynamoDBClient({
    credentials: {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    },
  });
}

export const handler = async () => {
  const theirs = await partner();
  const { Items = [] } = await theirs.send(new ScanCommand({ TableName: 'source' }));
  for (const Item of Items) await own.send(new PutItemCommand({ TableName: 'copies', Item }));
};
