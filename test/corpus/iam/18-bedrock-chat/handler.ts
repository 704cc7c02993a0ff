import { BedrockRuntimeClient, ConverseCommand, InvokeModelWithResponseStreamCommand } from '@aws-sdk/client-bedrock-runtime';

const bedrock = new BedrockRuntimeClient({});
const MODELS = {
  chat: 'anthropic.claude-3-haiku-20240307-v1:0',
  draft: 'amazon.titan-text-express-v1',
};

export const handler = async ({ question }: { question: string }) => {
  const { output } = await bedrock.send(
    new ConverseCommand({ modelId: MODELS.chat, messages: [{ role: 'user', content: [{ text: question }] }] }),
  );
  return output?.message?.content?.[0]?.text;
};

export const stream = async ({ text }: { text: string }) => {
  const { draft: modelId } = MODELS;
  const { body } = await bedrock.send(
    new InvokeModelWithResponseStreamCommand({ modelId, contentType: 'application/json', body: JSON.stringify({ inputText: text }) }),
  );
  let answer = '';
  for await (const part of body ?? []) answer += new TextDecoder().decode(part.chunk?.bytes);
  return answer;
};
