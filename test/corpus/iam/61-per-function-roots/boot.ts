import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';

export const boot = async () => (await new SSMClient({}).send(new GetParameterCommand({ Name: '/boot' }))).Parameter?.Value;
