// The scenario of ../scenario.md with the client that openapi-generator makes for TypeScript (fetch).
import { deepStrictEqual as see } from 'node:assert';
import {
    ApiKeysApi, AuthApi, CategoriesApi, Configuration, OauthApi, OrdersApi, OrderStatus, ProblemFromJSON, ProductsApi,
    ProductSort, ProductStatus, ResponseError, Scope, SortOrder, UsersApi,
} from './client';
import type { Category, Order, OrderItemCreate, Problem, Product, ProductPage, TokenPair, User } from './client';

const basePath = process.env.SHOPKEEPER_URL!;
const adminPassword = process.env.SHOPKEEPER_ADMIN_PASSWORD!;
const password = 'SecurePass123!';
const nowhere = '01a1fcf7-2e04-7b20-9c3d-4e5f60718293';
const otherNowhere = '01a1fcf7-2e04-7b20-9c3d-4e5f60718294';
const patienceSeconds = 20;
const anonymous = new Configuration({ basePath });

const ok = (step: string) => console.log(`ok ${step}`);
const as = (accessToken: string) => new Configuration({ basePath, accessToken });

/** The answer to a call that has to end with another status than 2xx. */
async function refusal(call: Promise<unknown>): Promise<Response> {
    try {
        await call;
    } catch (error) {
        if (error instanceof ResponseError) return error.response;
        throw error;
    }
    throw new Error('it was not refused');
}

/** The typed problem of a call that has to be refused so. */
async function refused(status: number, code: string, call: Promise<unknown>): Promise<Problem> {
    const response = await refusal(call);
    const problem = ProblemFromJSON(await response.json());
    see([response.status, problem.status, problem.code], [status, status, code]);
    return problem;
}

async function greet(): Promise<[TokenPair, User]> {
    // docs: begin
    const shop = new Configuration({ basePath });
    const loginRequest = { username: 'ada', password: 'SecurePass123!' };
    const tokens = await new AuthApi(shop).login({ loginRequest });
    const ada = new Configuration({ basePath, accessToken: tokens.accessToken });
    const user = await new UsersApi(ada).getCurrentUser();
    console.log(`Hello ${user.username}`);
    const page = await new ProductsApi(shop).listProducts({ limit: 20, sort: ProductSort.ProductByPrice });
    for (const { name, price } of page.data) console.log(`${name}: ${price.amount / 100} ${price.currency}`);
    // docs: end
    return [tokens, user];
}

/** Registers, signs in and renews; gives the token pair of `ada`. */
async function accounts(): Promise<TokenPair> {
    const [users, auth] = [new UsersApi(anonymous), new AuthApi(anonymous)];
    const userCreate = { email: 'ada@example.com', username: 'ada', password };
    const ada = await users.createUser({ userCreate });
    see([ada.username, ada.email, ada.role, ada.fullName], ['ada', 'ada@example.com', 'user', null]);
    ok('register');
    const again = { ...userCreate, email: 'other@example.com' };
    await refused(409, 'username_taken', users.createUser({ userCreate: again }));
    ok('register_twice');
    const [tokens, user] = await greet();
    see([tokens.tokenType, user.id], ['Bearer', ada.id]);
    ok('sign_in');
    const loginRequest = { username: 'ada', password: `Wrong${password}` };
    await refused(401, 'invalid_credentials', auth.login({ loginRequest }));
    ok('wrong_password');
    const renewed = await auth.refreshSession({ refreshRequest: { refreshToken: tokens.refreshToken } });
    see(renewed.refreshToken === tokens.refreshToken, false);
    see((await new UsersApi(as(renewed.accessToken)).getCurrentUser()).id, ada.id);
    ok('refresh');
    const granted = await new OauthApi(anonymous).issueToken({ grantType: 'password', username: 'ada', password });
    see(granted.tokenType, 'Bearer');
    ok('oauth');
    return renewed;
}

async function catalogue(admin: Configuration): Promise<[Category, Product[]]> {
    const category = await new CategoriesApi(admin).createCategory({ categoryCreate: { name: 'Mugs', slug: 'mugs' } });
    see([category.slug, category.description], ['mugs', null]);
    ok('create_category');
    const products = [];
    for (let number = 1; number <= 5; number += 1) {
        const [amount, stock, sku] = [100 * number, number === 5 ? 0 : 3, `mug-${number}`];
        const price = { amount, currency: 'EUR' };
        const productCreate = { categoryId: category.id, name: `Mug ${number}`, sku, price, stock };
        const product = await new ProductsApi(admin).createProduct({ productCreate });
        see([product.sku, product.price.amount, product.price.currency, product.stock], [sku, amount, 'EUR', stock]);
        products.push(product);
    }
    ok('create_products');
    return [category, products];
}

async function lists(categoryId: string): Promise<void> {
    const api = new ProductsApi(anonymous);
    const sorted = { categoryId, sort: ProductSort.ProductByPrice, order: SortOrder.Asc };
    const skus = (page: ProductPage) => page.data.map(product => product.sku);
    const second = await api.listProducts({ ...sorted, page: 2, limit: 2 });
    const { page, total, hasPrev, hasNext } = second.pagination;
    see([skus(second), page, total, hasPrev, hasNext], [['mug-3', 'mug-4'], 2, 5, true, true]);
    ok('list_by_page');
    const last = await api.listProducts({ ...sorted, offset: 3, limit: 2 });
    const at = last.pagination;
    see([skus(last), at.offset, at.total, at.hasNext], [['mug-4', 'mug-5'], 3, 5, false]);
    ok('list_by_offset');
    const walked: string[] = [];
    let pages = 0;
    for (let cursor: string | null = ''; cursor !== null && pages < 10; pages += 1) {
        const answer: ProductPage = await api.listProducts({ ...sorted, cursor, limit: 2 });
        see(answer.pagination.total, undefined);
        walked.push(...skus(answer));
        cursor = answer.pagination.nextCursor;
    }
    see([walked, pages], [['mug-1', 'mug-2', 'mug-3', 'mug-4', 'mug-5'], 3]);
    ok('walk_cursor');
    const filters = { minPrice: 200, maxPrice: 500, inStock: true, status: ProductStatus.ProductActive, search: 'mug' };
    see(skus(await api.listProducts({ ...sorted, ...filters })), ['mug-2', 'mug-3', 'mug-4']);
    ok('filter');
}

/** Orders, and is refused; gives the order. */
async function orders(api: OrdersApi, products: Product[]): Promise<Order> {
    const request = (...items: OrderItemCreate[]) => ({ orderCreate: { items } });
    const unknown = request({ productId: nowhere, quantity: 1 }, { productId: otherNowhere, quantity: 1 });
    const { errors } = await refused(422, 'validation_failed', api.createOrder(unknown));
    const places = errors?.map(fault => [fault._in, fault.pointer]);
    see(places, [['body', '/items/0/product_id'], ['body', '/items/1/product_id']]);
    ok('invalid_input');
    const orderCreate = { items: [{ productId: products[0].id, quantity: 2 }], note: 'Ring twice' };
    const first = await api.createOrderRaw({ orderCreate, idempotencyKey: 'order-1' });
    const order = await first.value();
    see([order.status, order.total.amount, order.items.length, order.note], ['pending', 200, 1, 'Ring twice']);
    see(first.raw.headers.get('Idempotent-Replayed'), null);
    ok('order');
    const again = await api.createOrderRaw({ orderCreate, idempotencyKey: 'order-1' });
    see([(await again.value()).id, again.raw.headers.get('Idempotent-Replayed')], [order.id, 'true']);
    ok('order_again');
    const [second, fifth] = [products[1].id, products[4].id];
    const short = request({ productId: second, quantity: 5 }, { productId: fifth, quantity: 1 });
    const { items } = await refused(409, 'insufficient_stock', api.createOrder(short));
    const shortages = items?.map(item => [item.productId, item.wanted, item.available]);
    see(shortages, [[second, 5, 3], [fifth, 1, 0]]);
    ok('out_of_stock');
    return order;
}

async function changes(api: OrdersApi, orderId: string): Promise<void> {
    see((await api.updateOrder({ orderId, orderUpdate: {} })).note, 'Ring twice');
    ok('patch_absent');
    const cleared = await api.updateOrderRaw({ orderId, orderUpdate: { note: null } });
    see((await cleared.value()).note, null);
    ok('patch_null');
    const ifNoneMatch = cleared.raw.headers.get('ETag')!;
    see((await refusal(api.getOrder({ orderId, ifNoneMatch }))).status, 304);
    ok('not_modified');
    const late = api.updateOrder({ orderId, orderUpdate: { note: 'Late' }, ifMatch: '"old"' });
    await refused(412, 'precondition_failed', late);
    ok('stale');
}

async function workflow(api: OrdersApi, staff: OrdersApi, orderId: string): Promise<void> {
    const step = (to: OrderStatus) => ({ orderId, orderTransitionCreate: { to } });
    const early = api.createOrderTransition(step(OrderStatus.Paid));
    see((await refused(409, 'invalid_transition', early)).allowed, ['cancelled']);
    ok('refused_step');
    for (const status of [OrderStatus.Paid, OrderStatus.Shipped, OrderStatus.Delivered]) {
        see((await staff.createOrderTransition(step(status))).to, status);
    }
    const seen = await staff.getOrder({ orderId });
    see([seen.status, seen.allowedTransitions, seen.expiresAt], ['delivered', ['refunded'], null]);
    const steps = await staff.listOrderTransitions({ orderId, order: SortOrder.Asc });
    see(steps.data.map(taken => taken.from), [null, 'pending', 'paid', 'shipped']);
    ok('workflow');
}

async function apiKey(ada: Configuration): Promise<void> {
    const keys = new ApiKeysApi(ada);
    const made = await keys.createApiKey({ apiKeyCreate: { name: 'Reader', scopes: [Scope.AccountRead] } });
    const program = new UsersApi(new Configuration({ basePath, apiKey: made.secret }));
    see((await program.getCurrentUser()).username, 'ada');
    await keys.deleteApiKey({ apiKeyId: made.id });
    await refused(401, 'invalid_token', program.getCurrentUser());
    ok('api_key');
}

async function rateLimited(): Promise<void> {
    const attempt = () => new AuthApi(anonymous).login({ loginRequest: { username: 'nobody', password } });
    let wait = 0;
    for (let tries = 0; tries < 30 && wait === 0; tries += 1) {
        const response = await refusal(attempt());
        if (response.status === 429) {
            see(ProblemFromJSON(await response.json()).code, 'rate_limited');
            wait = Number(response.headers.get('Retry-After'));
        } else {
            see(response.status, 401);
        }
    }
    see(wait > 0 && wait <= patienceSeconds, true);
    await new Promise(resolve => setTimeout(resolve, wait * 1000));
    await refused(401, 'invalid_credentials', attempt());
    ok('rate_limited');
}

async function goodbye(admin: Configuration, ada: Configuration, productId: string): Promise<void> {
    await new ProductsApi(admin).deleteProduct({ productId });
    await refused(404, 'not_found', new ProductsApi(anonymous).getProduct({ productId }));
    ok('delete');
    await new AuthApi(ada).logout();
    await refused(401, 'invalid_token', new UsersApi(ada).getCurrentUser());
    ok('sign_out');
}

async function main(): Promise<void> {
    const ada = as((await accounts()).accessToken);
    const loginRequest = { username: 'admin', password: adminPassword };
    const admin = as((await new AuthApi(anonymous).login({ loginRequest })).accessToken);
    const [category, products] = await catalogue(admin);
    await lists(category.id);
    const order = await orders(new OrdersApi(ada), products);
    await changes(new OrdersApi(ada), order.id);
    await workflow(new OrdersApi(ada), new OrdersApi(admin), order.id);
    await apiKey(ada);
    await rateLimited();
    await goodbye(admin, ada, products[4].id);
}

main().catch(error => {
    console.error(error);
    process.exit(1);
});
