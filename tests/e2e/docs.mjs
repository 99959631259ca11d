// What a person meets in a browser: /docs signs in and calls, /redoc shows every operation, problems are explained,
// and no page asks another host for anything or complains in the console.
//
// node docs.mjs ORIGIN ADMIN_PASSWORD CHROMIUM SCREENSHOT_FOLDER
import { chromium } from 'playwright-core';

const [origin, password, executablePath, shots] = process.argv.slice(2);
const quiet = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync',
    // The network is cut off: no name resolves, and no address but this machine's is reached.
    '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1', '--proxy-server=http://127.0.0.1:9',
    '--proxy-bypass-list=127.0.0.1'];
const browser = await chromium.launch({ executablePath, args: quiet });
let passed = 0;
let failed = 0;

async function promise(name, keep) {
    const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
    const complaints = [];
    page.on('console', message => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', error => complaints.push(error.message));
    page.on('request', request => {
        const url = new URL(request.url());
        if (url.protocol.startsWith('http') && url.origin !== origin) complaints.push(`asked ${url.origin}`);
    });
    try {
        await keep(page);
        if (complaints.length > 0) throw new Error(complaints.join('\n'));
        passed += 1;
        console.log(`ok ${name}`);
    } catch (error) {
        failed += 1;
        console.log(`FAILED ${name}\n${error.message}`);
    }
    await page.screenshot({ path: `${shots}/${name.replaceAll(' ', '-')}.png` });
    await page.close();
}

function expect(holds, otherwise) {
    if (!holds) throw new Error(otherwise);
}

// What a person does with Authorize.
async function signIn(page) {
    await page.goto(`${origin}/docs`);
    await page.click('button.authorize');
    await page.fill('#oauth_username', 'admin');
    await page.fill('#oauth_password', password);
    const form = page.locator('.auth-container').filter({ has: page.locator('#oauth_username') });
    await form.locator('button.authorize').first().click();
    await page.locator('.auth-container h6', { hasText: 'Authorized' }).first().waitFor();
    await page.locator('button.btn-done').first().click();
}

// Puts an order of the administrator's into the shop. Returns its id.
async function placeOrder() {
    const send = async (path, body, token) => {
        const headers = { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) };
        const answer = await fetch(`${origin}/api/v1${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
        expect(answer.ok, `POST ${path} answers ${answer.status}`);
        return answer.json();
    };
    const { access_token: token } = await send('/auth/login', { username: 'admin', password });
    const category = await send('/categories', { name: 'Seen in a browser', slug: 'seen-in-a-browser' }, token);
    const price = { amount: 1999, currency: 'EUR' };
    const wanted = { category_id: category.id, name: 'Lamp', sku: 'LAMP-1', price, stock: 3 };
    const product = await send('/products', wanted, token);
    return (await send('/orders', { items: [{ product_id: product.id, quantity: 1 }] }, token)).id;
}

// Asked outside of `promise`, which holds pages to asking nobody.
async function networkIsCutOff() {
    const page = await browser.newPage();
    const fetched = await page.evaluate(() => fetch('http://example.com/').then(() => 'reached', () => 'cut off'));
    await page.close();
    return fetched === 'cut off';
}

await promise('the docs load with the network cut off', async page => {
    expect(await networkIsCutOff(), 'the network is there: that pages need none is not shown');
    await page.goto(`${origin}/docs`);
    await page.locator('.opblock').first().waitFor();
    await page.goto(`${origin}/redoc`);
    await page.locator('h1').first().waitFor();
});

await promise('a person signs in with Authorize and lists the orders with Try it out', async page => {
    const order = await placeOrder();
    await signIn(page);
    const operation = page.locator('#operations-orders-listOrders');
    await operation.click();
    await operation.locator('button.execute').click();
    const answer = operation.locator('.live-responses-table');
    await answer.getByText(order).first().waitFor();
    expect((await answer.innerText()).includes('200'), 'the answer is not 200');
});

await promise('a person signs in with Authorize and reads their own account', async page => {
    await signIn(page);
    const operation = page.locator('#operations-users-getCurrentUser');
    await operation.click();
    await operation.locator('button.execute').click();
    const answer = operation.locator('.live-responses-table');
    await answer.getByText('admin@shopkeeper.invalid').first().waitFor();
    expect((await answer.innerText()).includes('200'), 'the answer is not 200');
});

await promise('the docs draw the workflow of orders', async page => {
    await page.goto(`${origin}/docs`);
    const operation = page.locator('#operations-orders-createOrderTransition');
    await operation.click();
    const drawn = await operation.locator('.opblock-description pre').first().innerText();
    const document = await (await fetch(`${origin}/openapi.json`)).json();
    for (const { name, to } of document.components.schemas.Order['x-workflow'].steps) {
        expect(drawn.includes(`${name} ─▶ ${to}`), `the step ${name} is not drawn:\n${drawn}`);
    }
});

await promise('anyone reads the catalogue in the docs', async page => {
    await page.goto(`${origin}/docs`);
    const operation = page.locator('#operations-categories-listCategories');
    await operation.click();
    await operation.locator('button.execute').click();
    const answer = operation.locator('.live-responses-table');
    await answer.getByText('has_next').first().waitFor();
    expect((await answer.innerText()).includes('200'), 'the answer is not 200');
});

await promise('redoc shows every operation', async page => {
    const document = await (await fetch(`${origin}/openapi.json`)).json();
    const methods = ['get', 'put', 'post', 'delete', 'patch'];
    const operations = Object.values(document.paths).flatMap(item => methods.filter(m => item[m]).map(m => item[m]));
    await page.goto(`${origin}/redoc`);
    await page.locator('h1').first().waitFor();
    for (const { summary } of operations) {
        await page.locator('h2', { hasText: summary }).first().waitFor({ state: 'attached' });
    }
    expect(operations.length > 0, 'the document has no operation');
});

await promise('a problem is explained where its type leads', async page => {
    const problem = await (await fetch(`${origin}/api/v1/nowhere`)).json();
    await page.goto(problem.type);
    expect((await page.innerText('body')).includes(problem.code), 'the page does not name the code');
});

await promise('the index leads to the docs', async page => {
    await page.goto(origin);
    await page.locator('a[href$="/docs"]').first().click();
    await page.locator('.opblock').first().waitFor();
});

await browser.close();
console.log(`browser: ${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
