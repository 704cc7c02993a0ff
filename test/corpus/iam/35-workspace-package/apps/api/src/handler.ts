import { createStorage } from '@acme/storage';

const reports = createStorage('acme-reports');

export const handler = async (event: { name: string; text: string }) => {
  await reports.write(`2026/${event.name}`, event.text);
};
