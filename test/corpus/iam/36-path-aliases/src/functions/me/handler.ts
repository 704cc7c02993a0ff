import { findSession } from '@libs/sessions';
import { middyfy } from '@libs/lambda';

const me = async (event: { headers: Record<string, string> }) => {
  const session = await findSession(event.headers.authorization ?? '');
  return { statusCode: session ? 200 : 401, body: JSON.stringify(session ?? {}) };
};

export const main = middyfy(me);
export { main as handler };
