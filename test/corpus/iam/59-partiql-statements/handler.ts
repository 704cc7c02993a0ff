import { BatchExecuteStatementCommand, DynamoDBClient, ExecuteStatementCommand } from '@aws-sdk/client-dynamodb';

const db = new DynamoDBClient({});

export const handler = async ({ id, city }: { id: string; city: string }) => {
  await db.send(new ExecuteStatementCommand({ Statement: 'SELECT * FROM "people" WHERE id = ?', Parameters: [{ S: id }] }));
  await db.send(new ExecuteStatementCommand({ Statement: `SELECT * FROM "people"."byCity" WHERE city = ?`, Parameters: [{ S: city }] }));
  await db.send(
    new BatchExecuteStatementCommand({
      Statements: [
        { Statement: "INSERT INTO people VALUE {'id': ?}", Parameters: [{ S: id }] },
        { Statement: 'DELETE FROM "gone" WHERE id = ?', Parameters: [{ S: id }] },
      ],
    }),
  );
};
