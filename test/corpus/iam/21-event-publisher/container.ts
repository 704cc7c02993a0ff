import { EventBridgePublisher } from './infra/event-bridge-publisher';
import type { Publisher } from './publisher';

interface Container { readonly publisher: Publisher }

export const container: Container = {
  get publisher() {
    return new EventBridgePublisher(process.env.BUS_NAME || 'default');
  },
};
