import { pipe } from './pipe';
import { debit, findAccount, publish } from './steps';

const withdraw = pipe(findAccount, debit, publish);

export const handler = async (event: { account: string; amount: number }) => {
  const result = await withdraw(event);
  return result.ok ? { statusCode: 204 } : { statusCode: 409, body: result.error };
};
