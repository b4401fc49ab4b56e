/*
** What a state of an order says: an order, none, one whose money went back; in the words of platforms and of
** people, in brackets too: 已完成（已退款）, (删除)等待确认收货.
*/
#include "sql/import/roles.h"
#include "base/memory.h"

#include <string.h>

#define STATUS_UNKNOWN -1

static const char STATUS_NONE[] =
  "fail decline notpaid paymentdue pastdue overdue ventacancelada cancelada devolucioncancelada annule annulee cancelado cancelada anulado enattente pendiente paymenterror awaitingbankwirepayment awaitingcheckpayment キャンセル 未入金 cancelled canceled cancel pending unpaid voided void failed expired requirespaymentmethod requiresaction requiresconfirmation requirescapture enattentedupaiementparcheque enattentedupaiement enattentedevirementbancaire draft onhold pendingpayment awaitingpayment paymentpending abandoned declined "
  "error incomplete open new authorized checkoutdraft rejected closed returnedtosender storniert storno offen abgebrochen trash invalid 无效 作废 已作废 已关闭 关闭 取消 已取消 未支付 未付款 待付款 待支付 已失效 failure paymentfailed deleted deliveryfailed faileddelivery undelivered "
  "aberto pendente recusado recusada aguardandopagamento annullato annullata inattesadipagamento geannuleerd anulowane anulowany nieopłacone dibatalkan batal belumbayar menunggupembayaran  đahủy ยกเลิก ยกเลิกแล้ว ที่ต้องชำระ รอชำระเงิน 취소 취소완료 주문취소 입금대기 결제대기 미입금 "
  "未払い 支払い待ち отменен отменён неоплачен новый";
static const char STATUS_ORDER[] =
  "inprogress encamino enpreparacion finalizado finalizada completado completada entregada shippeddeliveredtobuyer shippedpickedup shippedoutfordelivery unshipped partiallyunshipped paiementaccepte paiementadistanceaccepte encoursdepreparation paymentaccepted processinginprogress remotepaymentaccepted paye payee expedie expediee livre livree pagado pagada pago enviado entregado 発送済み 入金済み 完了 completed complete paid shipped delivered fulfilled processing partiallyfulfilled partiallyshipped success succeeded successful done finished closedwon "
  "settled captured confirmed invoiced received readytoship awaitingfulfillment awaitingshipment awaitingpickup toship toreceive shipping packed outfordelivery delivering intransit dispatched sent unfulfilled "
  "partiallypaid bezahlt abgeschlossen versendet geliefert approved ok 完成 成功 已付款 已支付 已完成 待发货 已发货 已签收 已收货 待收货 已确认 已確認 ordercompleted ordercomplete paymentreceived pickedup readyforpickup shippeddelivered toconfirmreceive "
  "arquivado archived termine terminee versandt zugestellt erledigt confirmado confirmada aprovado aprovada entregue faturado faturada enviada emseparacao spedito consegnato pagato completato evaso verzonden betaald afgerond bezorgd zrealizowane opłacone wysłane dostarczone "
  "selesai pesananselesai dikirim pesanandikirim sudahbayar hoanthanh đanggiao đagiao สำเร็จ สำเร็จแล้ว จัดส่งแล้ว การจัดส่ง ที่ต้องจัดส่ง ที่ต้องได้รับ ชำระเงินแล้ว "
  "배송완료 배송중 결제완료 구매확정 발송대기 발송완료 상품준비중 배송준비중 거래완료 出荷済み 支払い済み выполнен доставлен оплачен отправлен завершен завершён";
static const char STATUS_PARTLY[] = "partiallyrefunded partialrefund partialrefunded partlyrefunded teilweiseerstattet partiellementrembourse parcialmentereembolsado 部分退款";
static const char STATUS_BACK[] = "devuelto devuelta reembolsada shippedreturnedtoseller shippedreturningtoseller shippedrejectedbybuyer rembourse remboursee reembolsado 返金済み refunded refund fullyrefunded returned reversed 已退款 退款成功 全额退款 已退货 erstattet "
  "estornado estornada devolvido devolvida rimborsato rimborsata terugbetaald zwrócone dikembalikan คืนเงินแล้ว คืนเงิน 환불완료 반품완료 반품 환불 返品 返品済み 返金 возвращен возвращён возврат";

/* Words of a status in Chinese, the first that is in it decides. */
static const struct { const char *word; int is; } STATUS_WORDS[] = {
  { "未结账", 0 }, { "待结账", 0 }, { "反结账", -1 }, { "反审核", -1 }, { "未审核", -1 }, { "待审核", -1 }, { "不通过", -1 }, { "未通过", -1 }, { "已审核", 1 }, { "已记账", 1 }, { "已过账", 1 }, { "已生效", 1 }, { "已撤单", 0 }, { "已撤销", 0 }, { "已退单", 2 }, { "キャンセル", 0 }, { "入金待", 0 }, { "支払待", 0 }, { "返金済", 2 }, { "発送", 1 }, { "入金済", 1 }, { "処理済", 1 }, { "等待买家付款", 0 }, { "等待付款", 0 }, { "待付款", 0 }, { "未付款", 0 }, { "未支付", 0 }, { "待支付", 0 }, { "取消", 0 }, { "关闭", 0 },
  { "无效", 0 }, { "作废", 0 }, { "失败", 0 }, { "删除", 0 }, { "支付超时", 0 }, { "超时未付", 0 }, { "草稿", 0 }, { "挂单", 0 }, { "拒单", 0 }, { "部分退款", STATUS_IS_PARTLY }, { "退款成功", 2 }, { "已退款", 2 }, { "全额退款", 2 }, { "交易成功", 1 }, { "支付成功", 1 },
  { "完成", 1 }, { "成功", 1 }, { "已付款", 1 }, { "已支付", 1 }, { "发货", 1 }, { "签收", 1 }, { "收货", 1 }, { "待自提", 1 }, { "已自提", 1 }, { "待评价", 1 }, { "已评价", 1 }, { "揽收", 1 }, { "配送", 1 }, { "派送", 1 }, { "运输", 1 }, { "已出库", 1 }, { "未核销", -1 }, { "核销", 1 }, { "结账", 1 }, { "已结清", 1 }, { "已收款", 1 }, { "已买单", 1 }, { "已存入", 1 }, { "已到账", 1 }, { "已入账", 1 },
  { "失敗", 0 }, { "關閉", 0 }, { "出貨", 1 }, { "備貨", 1 }, { "送达", 1 }, { "送達", 1 }, { "待取貨", 1 }, { "已取貨", 1 }, { "出库", 1 }, { "备货", 1 }, { "配货", 1 }, { "打单", 1 }, { "已接单", 1 }, { "制作中", 1 }, { "取餐", 1 }, { "妥投", 1 }, { "已使用", 1 }, { "已消费", 1 }, { "尾款已付", 1 }, { "财审通过", 1 }, { "已财审", 1 }, { "审核通过", 1 }, { "已付清", 1 }, { "全部付款", 1 }, { "已结算", 1 }
};

/* What stands before the words above: a refund that was not, one that was, a parcel that nobody took, nothing done. */
static const struct { const char *word; int is; } STATUS_FIRST[] = {
  { "退款关闭", -1 }, { "退款取消", -1 }, { "取消退款", -1 }, { "撤销退款", -1 }, { "退款撤销", -1 }, { "退款失败", -1 }, { "拒绝退款", -1 }, { "退款拒绝", -1 }, { "退款被拒", -1 }, { "退款驳回", -1 }, { "退货关闭", -1 },
  { "退货取消", -1 }, { "取消退货", -1 }, { "退货失败", -1 }, { "拒绝退货", -1 }, { "退货拒绝", -1 }, { "售后关闭", -1 }, { "售后取消", -1 }, { "售后失败", -1 }, { "取消售后", -1 },
  { "未送达", -1 }, { "无法送达", -1 }, { "拒签", -1 }, { "拒收", -1 }, { "拒绝签收", -1 }, { "拒绝收货", -1 }, { "拒绝接收", -1 }, { "未完成支付", 0 }, { "未完成付款", 0 }, { "支付未完成", 0 }, { "付款未完成", 0 }, { "未完成", -1 }, { "未成功", 0 }, { "不成功", 0 }
};
static const struct { const char *word; int is; } STATUS_RETURNS[] = {
  { "退款完成", 2 }, { "退货完成", 2 }, { "退货成功", 2 }, { "退貨完成", 2 }, { "已退貨", 2 }, { "退货退款成功", 2 }, { "退款退货成功", 2 }, { "已退货", 2 }, { "已退货退款", 2 }, { "退单成功", 2 }, { "退单完成", 2 }, { "退货入库", -1 }, { "退货签收", -1 }, { "退货已签收", -1 },
  { "退货已收货", -1 }, { "退货已发货", -1 }, { "退货待", -1 }, { "售后完成", -1 }, { "售后成功", -1 }, { "售后已完成", -1 }
};

/* Beginnings and parts of a status in English. */
static const struct { const char *word; int is; } STATUS_ENGLISH[] = {
  { "request", -1 }, { "partiallycancel", -1 }, { "partlycancel", -1 }, { "unrefund", -1 }, { "dibatal", 0 }, { "cancelad", 0 }, { "annulat", 0 }, { "отмен", 0 }, { "ยกเลิก", 0 }, { "notcancel", -1 }, { "refundpending", -1 }, { "pendingrefund", -1 }, { "refunddecl", -1 }, { "refundrej", -1 }, { "refundfail", -1 }, { "refundcancel", -1 }, { "norefund", -1 }, { "notrefund", -1 }, { "nonrefund", -1 }, { "refundable", -1 },
  { "cancelled", 0 }, { "canceled", 0 }, { "partiallyrefunded", STATUS_IS_PARTLY }, { "partialrefund", STATUS_IS_PARTLY }, { "refunded", 2 }
};

#define STATUS_FIRST_WORD(table, normal) \
  for(i=0; i<sizeof table/sizeof table[0]; i++) if( strstr(normal, table[i].word) ) return table[i].is

/* 已取消，退款关闭 was cancelled before anything else. */
static int status_of_words(const char *normal){
  size_t i;
  int cancelled = strstr(normal, "已取消")!=0 || strstr(normal, "交易关闭")!=0 || strstr(normal, "已关闭")!=0;
  if( !cancelled ){
    STATUS_FIRST_WORD(STATUS_FIRST, normal);
    STATUS_FIRST_WORD(STATUS_RETURNS, normal);
  }
  STATUS_FIRST_WORD(STATUS_WORDS, normal);
  STATUS_FIRST_WORD(STATUS_ENGLISH, normal);
  return STATUS_UNKNOWN;
}

static int status_of_normal(const char *normal){
  if( import_listed(STATUS_NONE, normal) ) return 0;
  if( import_listed(STATUS_ORDER, normal) ) return 1;
  if( import_listed(STATUS_BACK, normal) ) return 2;
  if( import_listed(STATUS_PARTLY, normal) ) return STATUS_IS_PARTLY;
  if( strncmp(normal, "wc", 2)==0 && normal[2] ) return status_of_normal(normal + 2);          /* WooCommerce's own: wc-completed */
  return status_of_words(normal);
}

/* What stands in the first brackets, made normal; '' where there are none. */
static void status_in_brackets(const char *text, char out[NORMAL_SIZE]){
  static const char *const OPEN[] = { "(", "[", "（", "【", "［" }, *const CLOSE[] = { ")", "]", "）", "】", "］" };
  size_t i;
  char inside[NORMAL_SIZE];
  out[0] = 0;
  for(i=0; i<sizeof OPEN/sizeof OPEN[0]; i++){
    const char *from = strstr(text, OPEN[i]), *to = from ? strstr(from, CLOSE[i]) : 0;
    size_t n;
    if( to==0 ) continue;
    from += strlen(OPEN[i]);
    n = (size_t)(to - from) < NORMAL_SIZE - 1 ? (size_t)(to - from) : NORMAL_SIZE - 1;
    memcpy(inside, from, n);
    inside[n] = 0;
    import_normal(inside, out);
    return;
  }
}

int import_status(const char *text){
  char normal[NORMAL_SIZE];
  int is, within;
  import_normal(text, normal);
  is = status_of_normal(normal);
  status_in_brackets(text, normal);
  if( normal[0]==0 ) return is;
  within = status_of_normal(normal);
  if( is==STATUS_UNKNOWN || (is==1 && within!=STATUS_UNKNOWN) ) return within;
  return is;
}
