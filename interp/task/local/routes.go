package local

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"asldbg/interp/jsonval"
)

// route is one method of one resource.
type route struct {
	method, path string
	iam          bool // AWS_IAM: requests must be signed
	answer       func(*API, *request) answer
}

// routes are all there are. Those of stocks and pets answer as the functions and
// the API of AWS's samples do.
var routes = []route{
	{"GET", "/check", false, (*API).check},
	{"POST", "/buy", false, trade("buy")},
	{"POST", "/sell", false, trade("sell")},
	{"GET", "/pets", true, (*API).listPets},
	{"POST", "/pets", true, (*API).addPet},
	{"POST", "/callback", false, (*API).callback},
}

func find(method, path string) (route, bool) {
	path, ok := strings.CutPrefix(path, "/"+stage)
	if !ok {
		return route{}, false
	}
	path = strings.TrimSuffix(path, "/")
	for _, r := range routes {
		if r.method == method && r.path == path {
			return r, true
		}
	}
	return route{}, false
}

// check tells a stock's price, from 1 to 100.
func (a *API) check(r *request) answer {
	return answer{status: http.StatusOK, body: jsonval.ObjectOf(member("stock_price", jsonval.OfInt(int64(r.dice.IntN(100)+1))))}
}

// trade buys or sells a few pieces. Price and quantity are texts, because
// DynamoDB takes numbers as texts.
func trade(kind string) func(*API, *request) answer {
	return func(_ *API, r *request) answer {
		body, bad := r.object()
		if bad != nil {
			return *bad
		}
		price, ok := body.Get("stock_price").Float()
		if !ok || price <= 0 {
			return invalid("stock_price", "must be a number greater than 0")
		}
		return answer{status: http.StatusOK, body: jsonval.ObjectOf(
			member("id", jsonval.OfString(r.id())),
			member("price", jsonval.OfString(body.Get("stock_price").Text())),
			member("type", jsonval.OfString(kind)),
			member("qty", jsonval.OfString(strconv.Itoa(r.dice.IntN(10)+1))),
			member("timestamp", jsonval.OfString(r.at.Format("2006-01-02T15:04:05.000Z"))),
		)}
	}
}

func firstPets() []jsonval.Value {
	return []jsonval.Value{
		jsonval.MustParse(`{"id":1,"type":"dog","price":249.99}`),
		jsonval.MustParse(`{"id":2,"type":"cat","price":124.99}`),
		jsonval.MustParse(`{"id":3,"type":"fish","price":0.99}`),
	}
}

// maxKept bounds what a demo that never ends can pile up, of pets and of tokens.
const maxKept = 1000

func (a *API) listPets(*request) answer {
	a.mu.Lock()
	defer a.mu.Unlock()
	return answer{status: http.StatusOK, body: jsonval.OfItems(append([]jsonval.Value(nil), a.pets...))}
}

func (a *API) addPet(r *request) answer {
	body, bad := r.object()
	if bad != nil {
		return *bad
	}
	kind := body.Get("type")
	if !kind.Is(jsonval.String) || kind.Text() == "" {
		return invalid("Pet.type", "must be a text")
	}
	if price, ok := body.Get("price").Float(); !ok || price <= 0 {
		return invalid("Pet.price", "must be a number greater than 0")
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.pets) >= maxKept {
		return answer{status: http.StatusTooManyRequests, body: message("Limit Exceeded"), errorType: "LimitExceededException"}
	}
	pet := jsonval.ObjectOf(member("id", jsonval.OfInt(int64(len(a.pets)+1))), member("type", kind), member("price", body.Get("price")))
	a.pets = append(a.pets, pet)
	return answer{status: http.StatusCreated, body: jsonval.ObjectOf(member("pet", pet), member("message", jsonval.OfString("success")))}
}

// callback keeps the task token that came in the header TaskToken.
func (a *API) callback(r *request) answer {
	token := r.header.Get("TaskToken")
	if token == "" {
		return invalid("TaskToken", "is a header that must be given")
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.tokens) < maxKept {
		a.tokens = append(a.tokens, token)
	}
	return answer{status: http.StatusAccepted, body: message("somebody will answer the task token")}
}

// object is the request's body, which must be a JSON object.
func (r *request) object() (jsonval.Value, *answer) {
	v, err := jsonval.Parse(string(r.body))
	if err != nil {
		return v, &answer{
			status: http.StatusBadRequest, errorType: "BadRequestException",
			body: message(fmt.Sprintf("Could not parse request body into json: %v", err)),
		}
	}
	if !v.Is(jsonval.Object) {
		return v, &answer{status: http.StatusBadRequest, body: message("Invalid request body"), errorType: "BadRequestException"}
	}
	return v, nil
}

// invalid is AWS's sample API's answer to a bad field.
func invalid(key, text string) answer {
	return answer{status: http.StatusBadRequest, body: jsonval.ObjectOf(member("errors", jsonval.ArrayOf(jsonval.ObjectOf(
		member("key", jsonval.OfString(key)), member("message", jsonval.OfString(text)),
	))))}
}

func member(key string, v jsonval.Value) jsonval.Member { return jsonval.Member{Key: key, Value: v} }
