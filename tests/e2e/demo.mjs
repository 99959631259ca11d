// A demo: the docs' "Authorize" is filled in already, and one click signs in.
//
// node demo.mjs ORIGIN CHROMIUM SCREENSHOT_FOLDER
import { chromium } from 'playwright-core';

const [origin, executablePath, shots] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--no-first-run'] });
const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
const name = 'a demo signs in without a word being typed';
let code = 0;
try {
    await page.goto(`${origin}/docs`);
    await page.click('button.authorize');
    const form = page.locator('.auth-container').filter({ has: page.locator('#oauth_username') });
    await page.waitForFunction(() => document.getElementById('oauth_password')?.value);
    await form.locator('button.authorize').first().click();
    await page.locator('.auth-container h6', { hasText: 'Authorized' }).first().waitFor();
    await page.locator('button.btn-done').first().click();
    const operation = page.locator('#operations-users-getCurrentUser');
    await operation.click();
    await operation.locator('button.execute').click();
    await operation.locator('.live-responses-table').getByText('@example.com').first().waitFor();
    console.log(`ok ${name}`);
} catch (error) {
    code = 1;
    console.log(`FAILED ${name}\n${error.message}`);
}
await page.screenshot({ path: `${shots}/demo.png` });
await browser.close();
process.exit(code);
