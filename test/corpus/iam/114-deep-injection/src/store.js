const { DynamoDB } = require('@aws-sdk/client-dynamodb');
const { DynamoDBDocument } = require('@aws-sdk/lib-dynamodb');

class Store {
  constructor(table) {
    Object.assign(this, { table, documents: DynamoDBDocument.from(new DynamoDB({})) });
  }
  async get(id) {
    const { Item } = await this.documents.get({ TableName: this.table, Key: { id } });
    return Item;
  }
  async update(id, { state }) {
    const { Attributes } = await this.documents.update({
      TableName: this.table,
      Key: { id },
      UpdateExpression: 'SET #s = :s',
      ExpressionAttributeNames: { '#s': 'state' },
      ExpressionAttributeValues: { ':s': state },
      ReturnValues: 'ALL_NEW',
    });
    return Attributes;
  }
}
module.exports.Store = Store;
