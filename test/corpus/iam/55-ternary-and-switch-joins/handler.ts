import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';

const db = new DynamoDBClient({});

function tableOf(age: number): string {
  let name = process.env.PRIMARY ?? 'unused';
  if (age > 30) name = 'archive';
  return age > 365 ? 'cold' : name;
}

export const handler = ({ id, age }: { id: string; age: number }) => {
  const TableName = tableOf(age);
  return db.send(new GetItemCommand({ TableName, Key: { id: { S: id } } }));
};
