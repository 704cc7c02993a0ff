import { SFNClient, StartExecutionCommand, StartSyncExecutionCommand } from '@aws-sdk/client-sfn';

const client = new SFNClient({});

const machineFor = (kind: 'order' | 'refund'): string => {
  switch (kind) {
    case 'order':
      return process.env.ORDER_MACHINE!;
    case 'refund':
      return process.env.REFUND_MACHINE!;
    default:
      throw new Error(`Unknown kind ${kind satisfies never}`);
  }
};

export const handler = async (event: { kind: 'order' | 'refund'; id: string }) => {
  const started = await client.send(
    new StartExecutionCommand({ stateMachineArn: machineFor(event.kind), name: `${event.kind}-${event.id}`, input: JSON.stringify(event) }),
  );
  return { executionArn: started.executionArn };
};

export const express = (event: { id: string }) =>
  client.send(new StartSyncExecutionCommand({ stateMachineArn: machineFor('order'), input: JSON.stringify(event) }));
