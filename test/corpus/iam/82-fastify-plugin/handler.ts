import awsLambdaFastify from '@fastify/aws-lambda';
import { build } from './app';

const proxy = awsLambdaFastify(build());
export const handler = async (event: unknown, context: unknown) => proxy(event, context);
