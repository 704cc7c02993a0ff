export interface Order { id: string; total: number }
export interface OrderRepository {
  byId(id: string): Promise<Order | undefined>;
  save(order: Order): Promise<void>;
  remove(id: string): Promise<void>;
  all(): Promise<Order[]>;
}
