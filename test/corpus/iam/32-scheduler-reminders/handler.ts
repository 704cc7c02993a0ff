import { CreateScheduleCommand, DeleteScheduleCommand, FlexibleTimeWindowMode, SchedulerClient } from '@aws-sdk/client-scheduler';

const scheduler = new SchedulerClient();
const GroupName = 'reminders';
const nameOf = (id: string) => `reminder-${id}`;

export const create = async (event: { id: string; at: string; text: string }) => {
  await scheduler.send(
    new CreateScheduleCommand({
      Name: nameOf(event.id),
      GroupName,
      ScheduleExpression: `at(${event.at})`,
      FlexibleTimeWindow: { Mode: FlexibleTimeWindowMode.OFF },
      Target: { Arn: process.env.TARGET_ARN, RoleArn: process.env.ROLE_ARN, Input: JSON.stringify({ text: event.text }) },
    }),
  );
};

export const cancel = (event: { id: string }) => scheduler.send(new DeleteScheduleCommand({ Name: nameOf(event.id), GroupName }));
