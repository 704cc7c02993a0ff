import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import { ProfileController } from './profile-controller';
import { ProfileService } from './profile-service';
import { ProfileStore } from './profile-store';
import { Notifier } from './notifier';

export function createContainer() {
  const store = new ProfileStore(new DynamoDBClient({}), { table: process.env.TABLE ?? '' });
  const notifier = new Notifier(new SNSClient({}), process.env.TOPIC ?? '');
  const service = new ProfileService({ store, notifier });
  return { controller: new ProfileController(service) };
}
