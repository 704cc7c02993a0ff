import { GetItemCommand } from 'dynamodb-toolbox/entity/actions/get';
import { UpdateItemCommand, $add } from 'dynamodb-toolbox/entity/actions/update';
import { Pokemon } from './model';

export const handler = async ({ id }: { id: string }) => {
  await Pokemon.build(UpdateItemCommand).item({ id, level: $add(1) }).send();
  const { Item } = await Pokemon.build(GetItemCommand).key({ id }).send();
  return Item;
};
