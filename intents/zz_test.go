package intents
import ("testing";"fmt")
func TestZZ(t *testing.T){
 r:=NewReader().(*ruleReader)
 for _,s:=range []string{"je bosse","je travaille ce jour la","c'est ok je viens","je veux bien","tout à fait"} {
  m:=message{text:s,toks:tokenize(s)}
  w:=plain(m.toks,r.known(false))
  m.words=w; m.ctx.Open="rdv"
  fmt.Println(s,w, r.usager.read(w), fmt.Sprintf("%+v",r.find(m)))
 }
}
