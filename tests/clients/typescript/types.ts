// The types that openapi-typescript makes of the document, held against what the scenario relies on. It is compiled
// and never run: each `@ts-expect-error` fails to compile when there is no error to expect.
import type { components, operations, paths } from './schema';

type Schemas = components['schemas'];
type Refusal = operations['createOrder']['responses'][409]['content']['application/problem+json'];
type Page = paths['/products']['get']['responses'][200]['content']['application/json'];
type Query = NonNullable<paths['/products']['get']['parameters']['query']>;

export const absent: Schemas['OrderUpdate'] = {};
export const cleared: Schemas['OrderUpdate'] = { note: null };
// @ts-expect-error a note is text or nothing
export const wrong: Schemas['OrderUpdate'] = { note: 5 };
// @ts-expect-error an order needs its items
export const empty: Schemas['OrderCreate'] = {};

export const query: Query = { limit: 2, cursor: '', sort: 'price', order: 'asc', in_stock: true };
// @ts-expect-error products are not sorted by colour
export const colour: Query = { sort: 'colour' };

export function shortages(problem: Refusal): number[] {
    return (problem.items ?? []).map(item => item.wanted - item.available);
}

export function prices(page: Page): number[] {
    return page.data.map(product => product.price.amount);
}

export function following(page: Page): string | null {
    return page.pagination.next_cursor;
}
