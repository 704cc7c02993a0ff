import { BeginTransactionCommand, CommitTransactionCommand, ExecuteStatementCommand, RDSDataClient, RollbackTransactionCommand } from '@aws-sdk/client-rds-data';

const client = new RDSDataClient({});
const base = { resourceArn: process.env.CLUSTER_ARN, secretArn: process.env.SECRET_ARN };

export async function query(sql: string, parameters: Record<string, number>) {
  const { records } = await client.send(
    new ExecuteStatementCommand({ ...base, database: 'shop', sql, parameters: Object.entries(parameters).map(([name, value]) => ({ name, value: { longValue: value } })) }),
  );
  return records;
}

export async function transaction(sql: string) {
  const { transactionId } = await client.send(new BeginTransactionCommand({ ...base, database: 'shop' }));
  await client.send(new ExecuteStatementCommand({ ...base, sql, transactionId }));
  await client.send(new CommitTransactionCommand({ ...base, transactionId }));
}

export async function undo(transactionId: string) {
  await client.send(new RollbackTransactionCommand({ ...base, transactionId }));
}
