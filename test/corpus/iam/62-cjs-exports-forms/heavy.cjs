const lambda = require('@aws-sdk/client-lambda');
const dynamo = require('@aws-sdk/client-dynamodb');

class Heavy {
  constructor() {
    this.client = new lambda.Lambda({});
    this.db = new dynamo.DynamoDB({});
  }
  start(payload) {
    return this.client.invoke({ FunctionName: 'worker', InvocationType: 'Event', Payload: JSON.stringify(payload) });
  }
  store(item) {
    return this.db.putItem({ TableName: 'heavy', Item: item });
  }
}

module.exports = { heavy: (event) => new Heavy().start(event), store: (item) => new Heavy().store(item) };
