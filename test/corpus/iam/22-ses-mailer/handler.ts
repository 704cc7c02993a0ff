import { SendEmailCommand, SESv2Client } from '@aws-sdk/client-sesv2';

const mail = new SESv2Client({});
const FROM = 'noreply@example.com';

interface Receipt { to: string; total: number }

class Mailer {
  constructor(private readonly from: string) {}
  send({ to, total }: Receipt) {
    return mail.send(
      new SendEmailCommand({
        FromEmailAddress: this.from,
        Destination: { ToAddresses: [to] },
        Content: { Template: { TemplateName: 'receipt', TemplateData: JSON.stringify({ total }) } },
      }),
    );
  }
}

export const handler = async (event: { Records: { body: string }[] }) => {
  const mailer = new Mailer(FROM);
  const results = await Promise.allSettled(event.Records.map(({ body }) => mailer.send(JSON.parse(body))));
  return { batchItemFailures: results.filter(({ status }) => status === 'rejected').length };
};
