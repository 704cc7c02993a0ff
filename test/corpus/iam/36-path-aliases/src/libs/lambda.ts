import middy from '@middy/core';
import middyJsonBodyParser from '@middy/http-json-body-parser';

export const middyfy = (handler: (event: any) => Promise<unknown>) => middy(handler).use(middyJsonBodyParser());
