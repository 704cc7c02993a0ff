import 'reflect-metadata';
import { container } from 'tsyringe';
import { CounterService } from './counter-service';

const service = container.resolve(CounterService);

export const handler = (event: { id: string }) => service.bump(event.id);
