import { z } from 'zod';

const schema = z.object({
  ORDERS_TABLE: z.string().min(1),
  QUEUE_URL: z.string().url(),
  LOG_LEVEL: z.enum(['debug', 'info']).default('info'),
});

export const env = schema.parse(process.env);
