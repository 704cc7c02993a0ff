import { S3Client } from '@aws-sdk/client-s3';
import * as store from './store';

const client = new S3Client({});
const read = store.readJson(client)(process.env.BUCKET!);
const write = store.writeJson(client)(process.env.BUCKET!);

export const handler = async ({ account, amount }: { account: string; amount: number }) => {
  const key = `balances/${account}.json`;
  const { balance } = (await read<{ balance: number }>(key)) ?? { balance: 0 };
  await write(key)({ balance: balance + amount });
};
