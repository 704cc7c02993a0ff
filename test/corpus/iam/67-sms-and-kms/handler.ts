import { DecryptCommand, EncryptCommand, GenerateDataKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';

const kms = new KMSClient({});

export const handler = async ({ phone, text }: { phone: string; text: Uint8Array }) => {
  await new SNSClient({}).send(new PublishCommand({ PhoneNumber: phone, Message: 'code' }));
  await kms.send(new EncryptCommand({ KeyId: '1234abcd-12ab-34cd-56ef-1234567890ab', Plaintext: text }));
  await kms.send(new DecryptCommand({ KeyId: 'arn:aws:kms:us-east-1:123456789012:key/0987dcba-09fe-87dc-65ba-ab0987654321', CiphertextBlob: text }));
  await kms.send(new GenerateDataKeyCommand({ KeyId: 'alias/app', KeySpec: 'AES_256' }));
};
