import { Users } from './users';

const users = new Users(process.env.USER_POOL_ID as string);

export const handler = async (event: { userName: string; group?: string }) => {
  const user = await users.get(event.userName);
  if (event.group !== undefined) await users.promote(event.userName, event.group);
  return user;
};
