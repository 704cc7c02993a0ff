import { createContainer } from './container';

const { controller } = createContainer();

export const handler = (event: { id: string; name: string }) => controller.rename(event);
