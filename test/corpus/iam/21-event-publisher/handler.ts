import { container } from './container';

export const handler = async (event: { orderId: string }) => {
  await container.publisher.publish([{ type: 'OrderShipped', detail: { orderId: event.orderId } }]);
};
