import { Hono } from 'hono';
import { handle } from 'hono/aws-lambda';
import { logger } from 'hono/logger';
import { countVisit, findLink } from './links.js';

const app = new Hono();

app.use('*', logger());
app
  .get('/health', (c) => c.text('ok'))
  .get('/:slug', async (c) => {
    const link = await findLink(c.req.param('slug'));
    if (!link) return c.notFound();
    await countVisit(link.slug);
    return c.redirect(link.target);
  });

export const handler = handle(app);
