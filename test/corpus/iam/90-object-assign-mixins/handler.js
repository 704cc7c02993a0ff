const { DynamoDBClient, GetItemCommand, PutItemCommand, DeleteItemCommand } = require('@aws-sdk/client-dynamodb');

const readable = (Base) =>
  class extends Base {
    read(id) {
      return this.client.send(new GetItemCommand({ TableName: this.table, Key: { id: { S: id } } }));
    }
  };

const writable = {
  write(id) {
    return this.client.send(new PutItemCommand({ TableName: this.table, Item: { id: { S: id } } }));
  },
  wipe(id) {
    return this.client.send(new DeleteItemCommand({ TableName: this.table, Key: { id: { S: id } } }));
  },
};

class Store {
  constructor(table) {
    this.table = table;
    this.client = new DynamoDBClient({});
  }
}

const ReadableStore = readable(Store);
const store = Object.assign(new ReadableStore('mixed'), writable);
const read = store.read.bind(store);
const { write } = store;

exports.handler = async ({ id }) => {
  const found = await read(id);
  if (!found.Item) await write.call(store, id);
};
