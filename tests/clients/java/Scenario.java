import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import shopkeeper.ApiClient;
import shopkeeper.ApiException;
import shopkeeper.ApiResponse;
import shopkeeper.api.*;
import shopkeeper.api.ProductsApi.APIListProductsRequest;
import shopkeeper.api.UsersApi.APIGetCurrentUserRequest;
import shopkeeper.model.*;

/** The scenario of ../scenario.md with the client that openapi-generator makes for Java (native). */
public final class Scenario {
    private static final String URL = System.getenv("SHOPKEEPER_URL");
    private static final String ADMIN_PASSWORD = System.getenv("SHOPKEEPER_ADMIN_PASSWORD");
    private static final String PASSWORD = "SecurePass123!";
    private static final UUID NOWHERE = UUID.fromString("01a1fcf7-2e04-7b20-9c3d-4e5f60718293");
    private static final UUID OTHER_NOWHERE = UUID.fromString("01a1fcf7-2e04-7b20-9c3d-4e5f60718294");
    private static final int PATIENCE_SECONDS = 20;
    private static final ApiClient ANONYMOUS = client(null, null);

    private interface Call {
        Object make() throws ApiException;
    }

    private record Refusal(Problem problem, ApiException exception) {}

    private Scenario() {}

    private static void ok(String step) {
        System.out.println("ok " + step);
    }

    private static void see(Object found, Object expected) {
        if (!Objects.equals(found, expected)) {
            throw new AssertionError("expected " + expected + ", found " + found);
        }
    }

    private static ApiClient client(String name, String value) {
        ApiClient client = new ApiClient();
        client.updateBaseUri(URL);
        if (name != null) {
            client.setRequestInterceptor(request -> request.header(name, value));
        }
        return client;
    }

    private static ApiClient as(TokenPair tokens) {
        return client("Authorization", "Bearer " + tokens.getAccessToken());
    }

    /** The exception of a call that has to end with another status than 2xx. */
    private static ApiException refusal(Call call) {
        try {
            call.make();
        } catch (ApiException refusal) {
            return refusal;
        }
        throw new AssertionError("it was not refused");
    }

    /** The typed problem of a call that has to be refused so. */
    private static Problem refused(int status, String code, Call call) throws Exception {
        ApiException refusal = refusal(call);
        if (refusal.getResponseBody() == null) {
            throw refusal;
        }
        Problem problem = ANONYMOUS.getObjectMapper().readValue(refusal.getResponseBody(), Problem.class);
        see(List.of(refusal.getCode(), problem.getStatus(), problem.getCode()), List.of(status, status, code));
        return problem;
    }

    private static String header(ApiResponse<?> response, String name) {
        return response.getHeaders().getOrDefault(name, List.of("")).get(0);
    }

    private static TokenPair login(String username, String password) throws ApiException {
        return new AuthApi(ANONYMOUS).login(new LoginRequest().username(username).password(password));
    }

    private static User me(ApiClient client) throws ApiException {
        return new UsersApi(client).getCurrentUser(APIGetCurrentUserRequest.newBuilder().build());
    }

    private static TokenPair greet() throws Exception {
        // docs: begin
        ApiClient client = new ApiClient();
        client.updateBaseUri(URL);
        LoginRequest name = new LoginRequest().username("ada").password("SecurePass123!");
        TokenPair tokens = new AuthApi(client).login(name);
        client.setRequestInterceptor(it -> it.header("Authorization", "Bearer " + tokens.getAccessToken()));
        User user = new UsersApi(client).getCurrentUser(APIGetCurrentUserRequest.newBuilder().build());
        System.out.println("Hello " + user.getUsername());
        var query = APIListProductsRequest.newBuilder().limit(20).sort(ProductSort.ProductByPrice).build();
        new ProductsApi(client).listProducts(query).getData().forEach(it -> System.out.println(it.getName()));
        // docs: end
        return tokens;
    }

    /** Registers, signs in and renews; gives the token pair of `ada`. */
    private static TokenPair accounts() throws Exception {
        UsersApi users = new UsersApi(ANONYMOUS);
        UserCreate registration = new UserCreate().email("ada@example.com").username("ada").password(PASSWORD);
        User ada = users.createUser(registration, null);
        see(Arrays.asList(ada.getUsername(), ada.getEmail(), ada.getRole(), ada.getFullName()),
            Arrays.asList("ada", "ada@example.com", "user", null));
        ok("register");
        UserCreate other = new UserCreate().email("other@example.com").username("ada").password(PASSWORD);
        refused(409, "username_taken", () -> users.createUser(other, null));
        ok("register_twice");
        TokenPair tokens = greet();
        see(tokens.getTokenType(), "Bearer");
        see(me(as(tokens)).getId(), ada.getId());
        ok("sign_in");
        refused(401, "invalid_credentials", () -> login("ada", "Wrong" + PASSWORD));
        ok("wrong_password");
        RefreshRequest renewal = new RefreshRequest().refreshToken(tokens.getRefreshToken());
        TokenPair renewed = new AuthApi(ANONYMOUS).refreshSession(renewal);
        see(renewed.getRefreshToken().equals(tokens.getRefreshToken()), false);
        see(me(as(renewed)).getId(), ada.getId());
        ok("refresh");
        OAuthToken granted = new OauthApi(ANONYMOUS).issueToken(OauthApi.APIIssueTokenRequest.newBuilder()
            .grantType("password").username("ada").password(PASSWORD).build());
        see(granted.getTokenType(), "Bearer");
        ok("oauth");
        return renewed;
    }

    private static Category category(ApiClient admin) throws Exception {
        CategoryCreate wanted = new CategoryCreate().name("Mugs").slug("mugs");
        Category category = new CategoriesApi(admin).createCategory(wanted, null);
        see(Arrays.asList(category.getSlug(), category.getDescription()), Arrays.asList("mugs", null));
        ok("create_category");
        return category;
    }

    private static List<Product> products(ApiClient admin, Category category) throws Exception {
        List<Product> products = new ArrayList<>();
        for (int number = 1; number <= 5; number++) {
            String sku = "mug-" + number;
            long amount = 100L * number;
            long stock = number == 5 ? 0 : 3;
            ProductCreate wanted = new ProductCreate().categoryId(category.getId()).name("Mug " + number).sku(sku)
                .price(new MoneyInput().amount(amount).currency("EUR")).stock(stock);
            Product product = new ProductsApi(admin).createProduct(wanted, null);
            Money price = product.getPrice();
            see(List.of(product.getSku(), price.getAmount(), price.getCurrency(), product.getStock()),
                List.of(sku, amount, "EUR", stock));
            products.add(product);
        }
        ok("create_products");
        return products;
    }

    private static ProductPage ask(
            Category category, Function<APIListProductsRequest.Builder, APIListProductsRequest.Builder> options)
            throws ApiException {
        APIListProductsRequest.Builder builder = APIListProductsRequest.newBuilder().categoryId(category.getId())
            .sort(ProductSort.ProductByPrice).order(SortOrder.ASC);
        return new ProductsApi(ANONYMOUS).listProducts(options.apply(builder).build());
    }

    private static List<String> skus(ProductPage page) {
        return page.getData().stream().map(Product::getSku).toList();
    }

    private static void lists(Category category) throws Exception {
        ProductPage second = ask(category, it -> it.page(2).limit(2));
        Pagination at = second.getPagination();
        see(List.of(skus(second), at.getPage(), at.getTotal(), at.getHasPrev(), at.getHasNext()),
            List.of(List.of("mug-3", "mug-4"), 2, 5L, true, true));
        ok("list_by_page");
        ProductPage last = ask(category, it -> it.offset(3).limit(2));
        at = last.getPagination();
        see(List.of(skus(last), at.getOffset(), at.getTotal(), at.getHasNext()),
            List.of(List.of("mug-4", "mug-5"), 3, 5L, false));
        ok("list_by_offset");
        List<String> walked = new ArrayList<>();
        int pages = 0;
        for (String cursor = ""; cursor != null && pages < 10; pages++) {
            String here = cursor;
            ProductPage page = ask(category, it -> it.cursor(here).limit(2));
            see(page.getPagination().getTotal(), null);
            walked.addAll(skus(page));
            cursor = page.getPagination().getNextCursor();
        }
        see(List.of(walked, pages), List.of(List.of("mug-1", "mug-2", "mug-3", "mug-4", "mug-5"), 3));
        ok("walk_cursor");
        ProductPage found = ask(category, it -> it.minPrice(200L).maxPrice(500L).inStock(true)
            .status(ProductStatus.ProductActive).search("mug"));
        see(skus(found), List.of("mug-2", "mug-3", "mug-4"));
        ok("filter");
    }

    private static OrderItemCreate item(UUID product, int quantity) {
        return new OrderItemCreate().productId(product).quantity(quantity);
    }

    /** Orders, and is refused; gives the order. */
    private static Order orders(OrdersApi api, List<Product> products) throws Exception {
        OrderCreate unknown = new OrderCreate().addItemsItem(item(NOWHERE, 1)).addItemsItem(item(OTHER_NOWHERE, 1));
        Problem invalid = refused(422, "validation_failed", () -> api.createOrder(unknown, null));
        see(invalid.getErrors().stream().map(fault -> fault.getIn() + " " + fault.getPointer()).toList(),
            List.of("body /items/0/product_id", "body /items/1/product_id"));
        ok("invalid_input");
        OrderCreate wanted = new OrderCreate().addItemsItem(item(products.get(0).getId(), 2)).note("Ring twice");
        ApiResponse<Order> first = api.createOrderWithHttpInfo(wanted, "order-1");
        Order order = first.getData();
        see(List.of(order.getStatus(), order.getTotal().getAmount(), order.getItems().size(), order.getNote()),
            List.of("pending", 200L, 1, "Ring twice"));
        see(header(first, "idempotent-replayed"), "");
        ok("order");
        ApiResponse<Order> again = api.createOrderWithHttpInfo(wanted, "order-1");
        see(List.of(again.getData().getId(), header(again, "idempotent-replayed")), List.of(order.getId(), "true"));
        ok("order_again");
        UUID second = products.get(1).getId();
        UUID fifth = products.get(4).getId();
        OrderCreate tooMuch = new OrderCreate().addItemsItem(item(second, 5)).addItemsItem(item(fifth, 1));
        Problem shortage = refused(409, "insufficient_stock", () -> api.createOrder(tooMuch, null));
        see(shortage.getItems().stream()
                .map(it -> List.of(it.getProductId(), it.getWanted(), it.getAvailable())).toList(),
            List.of(List.of(second, 5L, 3L), List.of(fifth, 1L, 0L)));
        ok("out_of_stock");
        return order;
    }

    private static void changes(OrdersApi api, UUID order) throws Exception {
        see(api.updateOrder(order, new OrderUpdate(), null).getNote(), "Ring twice");
        ok("patch_absent");
        ApiResponse<Order> cleared = api.updateOrderWithHttpInfo(order, new OrderUpdate().note(null), null);
        see(cleared.getData().getNote(), null);
        ok("patch_null");
        see(refusal(() -> api.getOrder(order, null, header(cleared, "etag"))).getCode(), 304);
        ok("not_modified");
        OrderUpdate late = new OrderUpdate().note("Late");
        refused(412, "precondition_failed", () -> api.updateOrder(order, late, "\"old\""));
        ok("stale");
    }

    private static void workflow(OrdersApi api, OrdersApi staff, UUID order) throws Exception {
        OrderTransitionCreate early = new OrderTransitionCreate().to(OrderStatus.PAID);
        Problem problem = refused(409, "invalid_transition", () -> api.createOrderTransition(order, early, null));
        see(problem.getAllowed(), List.of("cancelled"));
        ok("refused_step");
        for (OrderStatus status : List.of(OrderStatus.PAID, OrderStatus.SHIPPED, OrderStatus.DELIVERED)) {
            OrderTransitionCreate step = new OrderTransitionCreate().to(status);
            see(staff.createOrderTransition(order, step, null).getTo(), status.getValue());
        }
        Order seen = staff.getOrder(order, null, null);
        see(Arrays.asList(seen.getStatus(), seen.getAllowedTransitions(), seen.getExpiresAt()),
            Arrays.asList("delivered", List.of("refunded"), null));
        OrderTransitionPage steps = staff.listOrderTransitions(OrdersApi.APIListOrderTransitionsRequest.newBuilder()
            .orderId(order).order(SortOrder.ASC).build());
        List<String> from = new ArrayList<>();
        steps.getData().forEach(step -> from.add(step.getFrom()));
        see(from, Arrays.asList(null, "pending", "paid", "shipped"));
        ok("workflow");
    }

    private static void apiKey(ApiClient ada) throws Exception {
        ApiKeysApi keys = new ApiKeysApi(ada);
        ApiKeyCreate wanted = new ApiKeyCreate().name("Reader").addScopesItem(Scope.AccountRead);
        ApiKeyCreated made = keys.createApiKey(wanted, null);
        ApiClient program = client("X-API-Key", made.getSecret());
        see(me(program).getUsername(), "ada");
        keys.deleteApiKey(made.getId());
        refused(401, "invalid_token", () -> me(program));
        ok("api_key");
    }

    private static void rateLimited() throws Exception {
        long wait = 0;
        for (int tries = 0; tries < 30 && wait == 0; tries++) {
            ApiException refusal = refusal(() -> login("nobody", PASSWORD));
            if (refusal.getCode() == 429) {
                refused(429, "rate_limited", () -> { throw refusal; });
                wait = refusal.getResponseHeaders().firstValueAsLong("Retry-After").orElse(0);
            } else {
                see(refusal.getCode(), 401);
            }
        }
        see(wait > 0 && wait <= PATIENCE_SECONDS, true);
        Thread.sleep(Duration.ofSeconds(wait).toMillis());
        refused(401, "invalid_credentials", () -> login("nobody", PASSWORD));
        ok("rate_limited");
    }

    private static void goodbye(ApiClient admin, ApiClient ada, UUID product) throws Exception {
        new ProductsApi(admin).deleteProduct(product, null);
        refused(404, "not_found", () -> new ProductsApi(ANONYMOUS).getProduct(product, null, null));
        ok("delete");
        new AuthApi(ada).logout();
        refused(401, "invalid_token", () -> me(ada));
        ok("sign_out");
    }

    public static void main(String[] arguments) throws Exception {
        ApiClient ada = as(accounts());
        ApiClient admin = as(login("admin", ADMIN_PASSWORD));
        Category category = category(admin);
        List<Product> products = products(admin, category);
        lists(category);
        Order order = orders(new OrdersApi(ada), products);
        changes(new OrdersApi(ada), order.getId());
        workflow(new OrdersApi(ada), new OrdersApi(admin), order.getId());
        apiKey(ada);
        rateLimited();
        goodbye(admin, ada, products.get(4).getId());
    }
}
