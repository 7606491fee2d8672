package mock

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"hash/crc32"
	"strconv"
	"strings"
	"time"

	"asldbg/interp"
	"asldbg/interp/jsonval"
)

// dynamoDBRequired are the members each optimised action must have, by the
// names DynamoDB's validation uses.
var dynamoDBRequired = map[string][]string{
	"getItem":    {"tableName", "key"},
	"putItem":    {"tableName", "item"},
	"updateItem": {"tableName", "key"},
	"deleteItem": {"tableName", "key"},
}

// WithDynamoDB is m, nil for no file, which also answers the optimised DynamoDB
// actions (dynamodb:getItem, putItem, updateItem, deleteItem) of states the file
// does not name: as a table that takes everything and holds nothing does, in the
// shape AWS's answers have. Their dates are at.
func (m *Mocks) WithDynamoDB(at time.Time) *Mocks {
	with := &Mocks{}
	if m != nil {
		*with = *m
	}
	with.builtin = func(call interp.Call, n int) (interp.Outcome, bool) { return dynamoDB(call, n, at) }
	return with
}

// dynamoDB answers one call. The state's name and the count make the request
// id, so that the same call gets the same answer.
func dynamoDB(call interp.Call, n int, at time.Time) (outcome interp.Outcome, ok bool) {
	required := dynamoDBRequired[call.Resource.Action]
	if call.Resource.Kind != interp.ServiceResource || call.Resource.Service != "dynamodb" || required == nil || call.Resource.Suffix != "" {
		return interp.Outcome{}, false
	}
	id := requestID(call.State.Name, n)
	var missing []string
	for _, name := range required {
		if v := call.Input.Get(strings.ToUpper(name[:1]) + name[1:]); !v.Exists() || v.Is(jsonval.Null) {
			missing = append(missing, "Value null at '"+name+"' failed to satisfy constraint: Member must not be null")
		}
	}
	if len(missing) > 0 {
		return interp.Outcome{Failure: interp.Fail("DynamoDB.AmazonDynamoDBException", fmt.Sprintf(
			"%d validation error%s detected: %s (Service: AmazonDynamoDBv2; Status Code: 400; Error Code: ValidationException; Request ID: %s; Proxy: null)",
			len(missing), map[bool]string{false: "s"}[len(missing) == 1], strings.Join(missing, "; "), id))}, true
	}
	return interp.Outcome{Result: sdkResponse("{}", id, at)}, true
}

// sdkResponse is what Step Functions makes of a JSON answer that has only
// metadata to show.
func sdkResponse(body, id string, at time.Time) jsonval.Value {
	headers := []struct{ name, value string }{
		{"Server", "Server"},
		{"Connection", "keep-alive"},
		{"x-amzn-RequestId", id},
		{"x-amz-crc32", strconv.FormatUint(uint64(crc32.ChecksumIEEE([]byte(body))), 10)},
		{"Content-Length", strconv.Itoa(len(body))},
		{"Date", at.UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT")},
		{"Content-Type", "application/x-amz-json-1.0"},
	}
	var lists, texts []jsonval.Member
	for _, h := range headers {
		v := jsonval.OfString(h.value)
		lists = append(lists, jsonval.Member{Key: h.name, Value: jsonval.ArrayOf(v)})
		texts = append(texts, jsonval.Member{Key: h.name, Value: v})
	}
	return jsonval.ObjectOf(
		jsonval.Member{Key: "SdkHttpMetadata", Value: jsonval.ObjectOf(
			jsonval.Member{Key: "AllHttpHeaders", Value: jsonval.OfMembers(lists)},
			jsonval.Member{Key: "HttpHeaders", Value: jsonval.OfMembers(texts)},
			jsonval.Member{Key: "HttpStatusCode", Value: jsonval.OfInt(200)},
		)},
		jsonval.Member{Key: "SdkResponseMetadata", Value: jsonval.ObjectOf(
			jsonval.Member{Key: "RequestId", Value: jsonval.OfString(id)},
		)},
	)
}

// requestID looks like DynamoDB's: 52 capital letters and digits.
func requestID(state string, n int) string {
	sum := sha256.Sum256([]byte(strconv.Itoa(n) + " " + state))
	return base32.HexEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:])
}
