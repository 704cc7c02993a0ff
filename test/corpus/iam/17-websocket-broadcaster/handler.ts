import { ApiGatewayManagementApiClient, GoneException, PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const gateway = new ApiGatewayManagementApiClient({ endpoint: process.env.CALLBACK });
const TableName = process.env.CONNECTIONS;

const forget = (id: string) => documents.send(new DeleteCommand({ TableName, Key: { id } }));

async function post(id: string, data: string): Promise<void> {
  try {
    await gateway.send(new PostToConnectionCommand({ ConnectionId: id, Data: data }));
  } catch (error) {
    if (!(error instanceof GoneException)) throw error;
    await forget(id);
  }
}

export const handler = async (event: { body: string }) => {
  for await (const { Items = [] } of paginateScan({ client: documents }, { TableName, ProjectionExpression: 'id' })) {
    await Promise.all(Items.map(({ id }) => post(id, event.body)));
  }
  return { statusCode: 200, body: 'sent' };
};
