import middy from '@middy/core';
import httpErrorHandler from '@middy/http-error-handler';
import httpJsonBodyParser from '@middy/http-json-body-parser';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { randomUUID } from 'node:crypto';

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));

const createTicket = async (event: { body: { title: string } }) => {
  const ticket = { id: randomUUID(), title: event.body.title };
  await documents.send(new PutCommand({ TableName: process.env.TABLE, Item: ticket }));
  return { statusCode: 201, body: JSON.stringify(ticket) };
};

export const handler = middy(createTicket).use(httpJsonBodyParser()).use(httpErrorHandler());
