// The scenario of ../scenario.md with the client that openapi-generator makes for Go.
package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"reflect"
	"strconv"
	"time"

	"shopkeeper"
)

const (
	password        = "SecurePass123!"
	nowhere         = "01a1fcf7-2e04-7b20-9c3d-4e5f60718293"
	otherNowhere    = "01a1fcf7-2e04-7b20-9c3d-4e5f60718294"
	patienceSeconds = 20
)

var (
	url           = os.Getenv("SHOPKEEPER_URL")
	adminPassword = os.Getenv("SHOPKEEPER_ADMIN_PASSWORD")
	anonymous     = context.Background()
)

func ok(step string) { fmt.Println("ok", step) }

func fail(format string, values ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", values...)
	os.Exit(1)
}

func see(found, expected any) {
	if !reflect.DeepEqual(found, expected) {
		fail("expected %#v, found %#v", expected, found)
	}
}

// must gives the value of a call that has to succeed.
func must[T any](value T, response *http.Response, err error) T {
	if err != nil {
		if generic, is := err.(*shopkeeper.GenericOpenAPIError); is {
			fail("%v: %s", err, generic.Body())
		}
		fail("%v", err)
	}
	return value
}

// refused gives the typed problem of a call that has to be refused so.
func refused(status int, code string, err error) shopkeeper.Problem {
	generic, is := err.(*shopkeeper.GenericOpenAPIError)
	if !is {
		fail("expected %d %s, got %v", status, code, err)
	}
	problem, is := generic.Model().(shopkeeper.Problem)
	if !is {
		fail("no typed problem: %v: %s", err, generic.Body())
	}
	see([]any{int(problem.Status), problem.Code}, []any{status, code})
	return problem
}

func as(token string) context.Context {
	return context.WithValue(anonymous, shopkeeper.ContextAccessToken, token)
}

func login(api *shopkeeper.APIClient, username, password string) shopkeeper.ApiLoginRequest {
	return api.AuthAPI.Login(anonymous).LoginRequest(*shopkeeper.NewLoginRequest(username, password))
}

func greet() (*shopkeeper.TokenPair, *shopkeeper.User) {
	// docs: begin
	configuration := shopkeeper.NewConfiguration()
	configuration.Servers = shopkeeper.ServerConfigurations{{URL: url}}
	api := shopkeeper.NewAPIClient(configuration)
	name := *shopkeeper.NewLoginRequest("ada", "SecurePass123!")
	tokens, _, err := api.AuthAPI.Login(context.Background()).LoginRequest(name).Execute()
	if err != nil {
		panic(err)
	}
	ada := context.WithValue(context.Background(), shopkeeper.ContextAccessToken, tokens.AccessToken)
	user, _, err := api.UsersAPI.GetCurrentUser(ada).Execute()
	// docs: end
	see(err, nil)
	return tokens, user
}

// accounts registers, signs in and renews; gives the token pair of `ada`.
func accounts(api *shopkeeper.APIClient) *shopkeeper.TokenPair {
	register := func(email string) shopkeeper.ApiCreateUserRequest {
		return api.UsersAPI.CreateUser(anonymous).UserCreate(*shopkeeper.NewUserCreate(email, "ada", password))
	}
	ada := must(register("ada@example.com").Execute())
	see([]any{ada.Username, ada.Email, ada.Role, ada.FullName.Get()},
		[]any{"ada", "ada@example.com", "user", (*string)(nil)})
	ok("register")
	_, _, err := register("other@example.com").Execute()
	refused(409, "username_taken", err)
	ok("register_twice")
	tokens, user := greet()
	see([]any{tokens.TokenType, user.Id}, []any{"Bearer", ada.Id})
	ok("sign_in")
	_, _, err = login(api, "ada", "Wrong"+password).Execute()
	refused(401, "invalid_credentials", err)
	ok("wrong_password")
	renewal := *shopkeeper.NewRefreshRequest(tokens.RefreshToken)
	renewed := must(api.AuthAPI.RefreshSession(anonymous).RefreshRequest(renewal).Execute())
	see(renewed.RefreshToken == tokens.RefreshToken, false)
	see(must(api.UsersAPI.GetCurrentUser(as(renewed.AccessToken)).Execute()).Id, ada.Id)
	ok("refresh")
	granted := must(api.OauthAPI.IssueToken(anonymous).GrantType("password").Username("ada").Password(password).Execute())
	see(granted.TokenType, "Bearer")
	ok("oauth")
	return renewed
}

// catalogue makes the category and its products; gives the category's id and the products.
func catalogue(api *shopkeeper.APIClient, admin context.Context) (string, []shopkeeper.Product) {
	wanted := *shopkeeper.NewCategoryCreate("Mugs", "mugs")
	category := must(api.CategoriesAPI.CreateCategory(admin).CategoryCreate(wanted).Execute())
	see([]any{category.Slug, category.Description.Get()}, []any{"mugs", (*string)(nil)})
	ok("create_category")
	products := []shopkeeper.Product{}
	for number := 1; number <= 5; number++ {
		stock := int64(3)
		if number == 5 {
			stock = 0
		}
		sku, price := fmt.Sprintf("mug-%d", number), *shopkeeper.NewMoneyInput(int64(100*number), "EUR")
		wanted := *shopkeeper.NewProductCreate(category.Id, fmt.Sprintf("Mug %d", number), sku, price)
		wanted.SetStock(stock)
		product := must(api.ProductsAPI.CreateProduct(admin).ProductCreate(wanted).Execute())
		see([]any{product.Sku, product.Price.Amount, product.Price.Currency, product.Stock},
			[]any{sku, int64(100 * number), "EUR", stock})
		products = append(products, *product)
	}
	ok("create_products")
	return category.Id, products
}

func lists(api *shopkeeper.APIClient, category string) {
	request := func() shopkeeper.ApiListProductsRequest {
		sorted := api.ProductsAPI.ListProducts(anonymous).Sort(shopkeeper.ProductByPrice).Order(shopkeeper.ASC)
		return sorted.CategoryId(category)
	}
	ask := func(request shopkeeper.ApiListProductsRequest) ([]string, shopkeeper.Pagination) {
		page, skus := must(request.Execute()), []string{}
		for _, product := range page.Data {
			skus = append(skus, product.Sku)
		}
		return skus, page.Pagination
	}
	skus, at := ask(request().Page(2).Limit(2))
	see(skus, []string{"mug-3", "mug-4"})
	see([]any{at.GetPage(), at.GetTotal(), at.HasPrev, at.HasNext}, []any{int32(2), int64(5), true, true})
	ok("list_by_page")
	skus, at = ask(request().Offset(3).Limit(2))
	see(skus, []string{"mug-4", "mug-5"})
	see([]any{at.GetOffset(), at.GetTotal(), at.HasNext}, []any{int32(3), int64(5), false})
	ok("list_by_offset")
	walked, pages, first := []string{}, 0, ""
	for cursor := &first; cursor != nil && pages < 10; pages++ {
		skus, at = ask(request().Cursor(*cursor).Limit(2))
		see(at.HasTotal(), false)
		walked, cursor = append(walked, skus...), at.NextCursor.Get()
	}
	see([]any{walked, pages}, []any{[]string{"mug-1", "mug-2", "mug-3", "mug-4", "mug-5"}, 3})
	ok("walk_cursor")
	skus, _ = ask(request().MinPrice(200).MaxPrice(500).InStock(true).Status(shopkeeper.ProductActive).Search("mug"))
	see(skus, []string{"mug-2", "mug-3", "mug-4"})
	ok("filter")
}

// orders orders, and is refused; gives the order.
func orders(api *shopkeeper.APIClient, ada context.Context, products []shopkeeper.Product) *shopkeeper.Order {
	item := func(product string, quantity int32) shopkeeper.OrderItemCreate {
		return *shopkeeper.NewOrderItemCreate(product, quantity)
	}
	request := func(items ...shopkeeper.OrderItemCreate) shopkeeper.ApiCreateOrderRequest {
		return api.OrdersAPI.CreateOrder(ada).OrderCreate(*shopkeeper.NewOrderCreate(items))
	}
	_, _, err := request(item(nowhere, 1), item(otherNowhere, 1)).Execute()
	places := []string{}
	for _, fault := range refused(422, "validation_failed", err).Errors {
		places = append(places, fault.In+" "+fault.GetPointer())
	}
	see(places, []string{"body /items/0/product_id", "body /items/1/product_id"})
	ok("invalid_input")
	wanted := *shopkeeper.NewOrderCreate([]shopkeeper.OrderItemCreate{item(products[0].Id, 2)})
	wanted.SetNote("Ring twice")
	place := api.OrdersAPI.CreateOrder(ada).OrderCreate(wanted).IdempotencyKey("order-1")
	order, response, err := place.Execute()
	must(order, response, err)
	see([]any{order.Status, order.Total.Amount, len(order.Items), order.GetNote()},
		[]any{"pending", int64(200), 1, "Ring twice"})
	see(response.Header.Get("Idempotent-Replayed"), "")
	ok("order")
	again, response, err := place.Execute()
	see([]any{must(again, response, err).Id, response.Header.Get("Idempotent-Replayed")}, []any{order.Id, "true"})
	ok("order_again")
	_, _, err = request(item(products[1].Id, 5), item(products[4].Id, 1)).Execute()
	shortages := []any{}
	for _, short := range refused(409, "insufficient_stock", err).Items {
		shortages = append(shortages, short.ProductId, short.Wanted, short.Available)
	}
	see(shortages, []any{products[1].Id, int64(5), int64(3), products[4].Id, int64(1), int64(0)})
	ok("out_of_stock")
	return order
}

func changes(api *shopkeeper.APIClient, ada context.Context, order string) {
	change := func(update *shopkeeper.OrderUpdate) shopkeeper.ApiUpdateOrderRequest {
		return api.OrdersAPI.UpdateOrder(ada, order).OrderUpdate(*update)
	}
	see(*must(change(shopkeeper.NewOrderUpdate()).Execute()).Note.Get(), "Ring twice")
	ok("patch_absent")
	cleared := shopkeeper.NewOrderUpdate()
	cleared.SetNoteNil()
	changed, response, err := change(cleared).Execute()
	see(must(changed, response, err).Note.Get(), (*string)(nil))
	ok("patch_null")
	_, response, _ = api.OrdersAPI.GetOrder(ada, order).IfNoneMatch(response.Header.Get("ETag")).Execute()
	see(response.StatusCode, 304)
	ok("not_modified")
	late := shopkeeper.NewOrderUpdate()
	late.SetNote("Late")
	_, _, err = change(late).IfMatch(`"old"`).Execute()
	refused(412, "precondition_failed", err)
	ok("stale")
}

func workflow(api *shopkeeper.APIClient, ada, admin context.Context, order string) {
	step := func(who context.Context, to shopkeeper.OrderStatus) shopkeeper.ApiCreateOrderTransitionRequest {
		step := *shopkeeper.NewOrderTransitionCreate(to)
		return api.OrdersAPI.CreateOrderTransition(who, order).OrderTransitionCreate(step)
	}
	_, _, err := step(ada, shopkeeper.PAID).Execute()
	see(refused(409, "invalid_transition", err).Allowed, []string{"cancelled"})
	ok("refused_step")
	for _, status := range []shopkeeper.OrderStatus{shopkeeper.PAID, shopkeeper.SHIPPED, shopkeeper.DELIVERED} {
		see(must(step(admin, status).Execute()).To, string(status))
	}
	seen := must(api.OrdersAPI.GetOrder(admin, order).Execute())
	see([]any{seen.Status, seen.AllowedTransitions, seen.ExpiresAt.Get()},
		[]any{"delivered", []string{"refunded"}, (*time.Time)(nil)})
	steps := must(api.OrdersAPI.ListOrderTransitions(admin, order).Order(shopkeeper.ASC).Execute()).Data
	from := []string{}
	for _, step := range steps {
		if step.From.Get() == nil {
			from = append(from, "")
		} else {
			from = append(from, *step.From.Get())
		}
	}
	see(from, []string{"", "pending", "paid", "shipped"})
	ok("workflow")
}

func apiKey(api *shopkeeper.APIClient, ada context.Context) {
	wanted := *shopkeeper.NewApiKeyCreate("Reader", []shopkeeper.Scope{shopkeeper.AccountRead})
	made := must(api.ApiKeysAPI.CreateApiKey(ada).ApiKeyCreate(wanted).Execute())
	keys := map[string]shopkeeper.APIKey{"apiKey": {Key: made.Secret}}
	program := context.WithValue(anonymous, shopkeeper.ContextAPIKeys, keys)
	see(must(api.UsersAPI.GetCurrentUser(program).Execute()).Username, "ada")
	if _, err := api.ApiKeysAPI.DeleteApiKey(ada, made.Id).Execute(); err != nil {
		fail("%v", err)
	}
	_, _, err := api.UsersAPI.GetCurrentUser(program).Execute()
	refused(401, "invalid_token", err)
	ok("api_key")
}

func rateLimited(api *shopkeeper.APIClient) {
	attempt := login(api, "nobody", password)
	wait := 0
	for tries := 0; tries < 30 && wait == 0; tries++ {
		_, response, err := attempt.Execute()
		if response.StatusCode == 429 {
			refused(429, "rate_limited", err)
			wait, _ = strconv.Atoi(response.Header.Get("Retry-After"))
		} else {
			refused(401, "invalid_credentials", err)
		}
	}
	if wait <= 0 || wait > patienceSeconds {
		fail("Retry-After: %d", wait)
	}
	time.Sleep(time.Duration(wait) * time.Second)
	_, _, err := attempt.Execute()
	refused(401, "invalid_credentials", err)
	ok("rate_limited")
}

func goodbye(api *shopkeeper.APIClient, ada, admin context.Context, product string) {
	if _, err := api.ProductsAPI.DeleteProduct(admin, product).Execute(); err != nil {
		fail("%v", err)
	}
	_, _, err := api.ProductsAPI.GetProduct(anonymous, product).Execute()
	refused(404, "not_found", err)
	ok("delete")
	if _, err := api.AuthAPI.Logout(ada).Execute(); err != nil {
		fail("%v", err)
	}
	_, _, err = api.UsersAPI.GetCurrentUser(ada).Execute()
	refused(401, "invalid_token", err)
	ok("sign_out")
}

func main() {
	configuration := shopkeeper.NewConfiguration()
	configuration.Servers = shopkeeper.ServerConfigurations{{URL: url}}
	api := shopkeeper.NewAPIClient(configuration)
	ada := as(accounts(api).AccessToken)
	admin := as(must(login(api, "admin", adminPassword).Execute()).AccessToken)
	category, products := catalogue(api, admin)
	lists(api, category)
	order := orders(api, ada, products)
	changes(api, ada, order.Id)
	workflow(api, ada, admin, order.Id)
	apiKey(api, ada)
	rateLimited(api)
	goodbye(api, ada, admin, products[4].Id)
}
