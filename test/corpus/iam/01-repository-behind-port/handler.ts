import { createOrderUseCase } from './application/place-order';
import { DynamoOrderRepository } from './adapters/dynamo-order-repository';

const useCase = createOrderUseCase(new DynamoOrderRepository(process.env.TABLE_NAME!));

export const handler = async (event: { body: string }) => {
  const order = JSON.parse(event.body);
  const placed = await useCase.execute(order);
  return { statusCode: 201, body: JSON.stringify(placed) };
};
