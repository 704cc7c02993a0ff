const { DynamoDBClient } = require('@aws-sdk/client-dynamodb');
const { DynamoDBDocumentClient, QueryCommand, PutCommand, DeleteCommand, ScanCommand } = require('@aws-sdk/lib-dynamodb');

const TableName = process.env.NOTES_TABLE;
const db = DynamoDBDocumentClient.from(new DynamoDBClient({}));

exports.listByUser = async function (user) {
  const result = await db.send(new QueryCommand({ TableName, KeyConditionExpression: '#u = :u', ExpressionAttributeNames: { '#u': 'user' }, ExpressionAttributeValues: { ':u': user } }));
  return result.Items;
};

exports.create = async function (user, text) {
  const note = { user, id: String(Date.now()), text };
  await db.send(new PutCommand({ TableName, Item: note }));
  return note;
};

exports.remove = (user, id) => db.send(new DeleteCommand({ TableName, Key: { user, id } }));

exports.everything = () => db.send(new ScanCommand({ TableName }));
