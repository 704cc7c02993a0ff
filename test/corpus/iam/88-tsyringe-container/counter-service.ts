import { inject, injectable } from 'tsyringe';
import { CounterRepository } from './counter-repository';

@injectable()
export class CounterService {
  constructor(@inject(CounterRepository) private readonly repository: CounterRepository) {}

  bump(id: string) {
    return this.repository.increment(id);
  }
}
