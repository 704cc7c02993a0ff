import * as dynamoose from 'dynamoose';

const schema = new dynamoose.Schema({
  id: { type: String, hashKey: true },
  owner: { type: String, index: { name: 'byOwner', type: 'global' } },
});

export const Cat = dynamoose.model(process.env.CATS!, schema, { create: false, waitForActive: false });
