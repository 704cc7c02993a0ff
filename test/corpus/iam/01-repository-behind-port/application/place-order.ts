import type { OrderRepository, Order } from '../domain/order-repository';

export function createOrderUseCase(orders: OrderRepository) {
  return {
    async execute(order: Order) {
      const existing = await orders.byId(order.id);
      if (existing) return existing;
      await orders.save(order);
      return order;
    },
  };
}
