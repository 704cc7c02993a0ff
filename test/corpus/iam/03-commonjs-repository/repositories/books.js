'use strict';

const { DynamoDBClient } = require('@aws-sdk/client-dynamodb');
const { DynamoDBDocumentClient, GetCommand, PutCommand, ScanCommand, DeleteCommand } = require('@aws-sdk/lib-dynamodb');

const { BOOKS_TABLE } = process.env;
const client = DynamoDBDocumentClient.from(new DynamoDBClient());

const get = async (id) => {
  const result = await client.send(new GetCommand({ TableName: BOOKS_TABLE, Key: { id } }));
  return result.Item;
};

const list = async () => (await client.send(new ScanCommand({ TableName: BOOKS_TABLE }))).Items;

async function put(book) {
  await client.send(new PutCommand({ TableName: BOOKS_TABLE, Item: book }));
  return book;
}

const remove = (id) => client.send(new DeleteCommand({ TableName: BOOKS_TABLE, Key: { id } }));

module.exports = { get, list, put, remove };
