import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';

const lambda = new LambdaClient({});

abstract class RemoteService<In, Out> {
  protected abstract functionName(): string;
  protected qualifier(): string | undefined {
    return undefined;
  }

  async call(input: In): Promise<Out> {
    const { Payload } = await lambda.send(
      new InvokeCommand({ FunctionName: this.functionName(), Qualifier: this.qualifier(), Payload: JSON.stringify(input) }),
    );
    return JSON.parse(new TextDecoder().decode(Payload));
  }
}

class Pricing extends RemoteService<{ sku: string }, { price: number }> {
  protected functionName() {
    return 'pricing';
  }
}

class Stock extends RemoteService<{ sku: string }, { left: number }> {
  protected functionName() {
    return 'stock';
  }
  protected override qualifier() {
    return 'live';
  }
}

const services = { pricing: new Pricing(), stock: new Stock() };

export const handler = async ({ sku }: { sku: string }) => ({
  ...(await services.pricing.call({ sku })),
  ...(await services.stock.call({ sku })),
});
