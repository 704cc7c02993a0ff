interface Settings { region: string; topicArn(name: string): string; tableName(name: string): string }

const make = (stage: string, account: string, region = 'eu-west-1'): Settings =>
  Object.freeze({
    region,
    topicArn: (name: string) => `arn:aws:sns:${region}:${account}:${name}`,
    tableName: (name: string) => `${stage}-${name}`,
  });

const STAGES: Readonly<Record<string, Settings>> = { dev: make('dev', '111111111111'), prod: make('prod', '222222222222') };

export function settings(stage = process.env.STAGE ?? 'dev'): Settings {
  const found = STAGES[stage];
  if (found === undefined) throw new Error(`No settings for ${stage}`);
  return found;
}
