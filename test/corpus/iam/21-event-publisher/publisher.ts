export interface DomainEvent { type: string; detail: object }
export interface Publisher { publish(events: readonly DomainEvent[]): Promise<void> }
