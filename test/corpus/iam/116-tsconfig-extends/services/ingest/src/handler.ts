import { flags } from '@corp/kit/flags';
import { putAll } from '~shared/stream';

export const handler = async (events: object[]) => {
  if ((await flags()).paused) return;
  await putAll('telemetry', events);
};
