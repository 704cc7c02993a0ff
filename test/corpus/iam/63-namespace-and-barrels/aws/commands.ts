export { DeleteItemCommand as Remove, PutItemCommand as Put } from '@aws-sdk/client-dynamodb';
